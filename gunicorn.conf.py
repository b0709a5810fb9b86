"""The web server, the same in production, demo and tests; gunicorn reads this file by itself."""

import os

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
preload_app = True  # loaded once; database connections are made only by the forked processes
timeout = 30
graceful_timeout = 20
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
MEMORY = "/dev/shm"  # noqa: S108
worker_tmp_dir = (
    MEMORY if os.access(MEMORY, os.W_OK) else None
)  # a slow disk must not look like a hung worker
control_socket_disable = True  # it would want a writable home directory
accesslog = "-" if os.environ.get("WEB_ACCESS_LOG") else None
