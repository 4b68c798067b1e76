// Asks twice a second whether there is something else to see, and then loads the page again.
"use strict";
(() => {
  const shown = document.documentElement.dataset.version;
  const live = document.getElementById("live");
  async function look() {
    if (!document.hidden) {
      try {
        const answer = await fetch("/version", { cache: "no-store" });
        if (answer.ok && (await answer.text()) !== shown) {
          location.reload();
          return;
        }
        live.textContent = "";
      } catch {
        live.textContent = "The preview has ended; what you see is the last it knew.";
      }
    }
    setTimeout(look, 400);
  }
  setTimeout(look, 400);
})();
