// The service worker. It keeps one page without personal data and the files it needs, and shows that page when the
// network does not answer. It keeps no other page: what a person sees in the portal stays in the portal.
// A classic script, because not every browser in use starts a worker that is a module (docs/adr/0020); the braces keep
// its names to itself.

{
  const { precaching, routing, strategies } = workbox;
  const worker = /** @type {PortalWorker} */ (/** @type {unknown} */ (self));
  const { kept, shell, pages } = worker.PORTAL;

  // Kept files have a checksum in their names, so an old page that is still open has all it needs.
  worker.skipWaiting();
  worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

  precaching.precacheAndRoute(kept);
  precaching.cleanupOutdatedCaches();

  const keptPage = { handlerDidError: () => precaching.matchPrecache(shell) };
  const network = new strategies.NetworkOnly({ networkTimeoutSeconds: 5, plugins: [keptPage] });

  routing.registerRoute(
    ({ request, url, sameOrigin }) => sameOrigin && request.mode === "navigate" && pages.includes(url.pathname),
    network,
  );
}
