/**
 * The page at `/app/callback`, inside the viewer's hidden frame: it hands what the authorization server answered to the
 * viewer, which is the parent of the same origin, and does nothing else. Without such a parent the text goes nowhere.
 */
if (window.parent !== window) window.parent.postMessage(window.location.search, window.location.origin);
