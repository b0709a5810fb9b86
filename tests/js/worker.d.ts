// What the service worker finds when it starts: its settings (activities/offline/views.py) and Workbox, both before it.

declare const workbox: {
  precaching: typeof import("workbox-precaching");
  routing: typeof import("workbox-routing");
  strategies: typeof import("workbox-strategies");
};

interface PortalWorker extends ServiceWorkerGlobalScope {
  PORTAL: { shell: string; pages: string[]; kept: { url: string; revision: string | null }[] };
}
