// The service worker. It keeps one page without personal data and the files it needs, and shows that page when the
// network does not answer. It keeps no other page: what a person sees in the portal stays in the portal.

const { precaching, routing, strategies } = workbox;

// Kept files have a checksum in their names, so an old page that is still open has all it needs.
self.skipWaiting();
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

precaching.precacheAndRoute(self.PORTAL.kept);
precaching.cleanupOutdatedCaches();

const keptPage = { handlerDidError: () => precaching.matchPrecache(self.PORTAL.shell) };
const network = new strategies.NetworkOnly({ networkTimeoutSeconds: 5, plugins: [keptPage] });
const isPageToKeep = ({ request, url, sameOrigin }) =>
  sameOrigin && request.mode === "navigate" && self.PORTAL.pages.includes(url.pathname);

routing.registerRoute(isPageToKeep, network);
