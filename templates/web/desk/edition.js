// The page of an edition, nicer: forms answer in place, stories are dragged, keys act on the story that has the focus,
// and what somebody else does shows within two seconds. Everything works without it.
"use strict";
(() => {
  const page = document.getElementById("edition");
  if (!page) return;
  document.documentElement.classList.add("js");
  const live = document.getElementById("live");
  const parts = ["top", "stories", "tips", "corrections", "letter", "around", "history"];
  let busy = false;

  const say = (words) => { live.textContent = words; };
  const typing = () => {
    const field = document.activeElement;
    return field && /^(INPUT|TEXTAREA|SELECT)$/.test(field.tagName) && page.contains(field) &&
      (field.value !== field.defaultValue || field.tagName !== "INPUT");
  };

  // What was written and not sent is put into another copy of the form, with the number of the newest act that its
  // writer saw. A form that was refused gets the new number: its writer has been told of the acts since.
  function carry(old, now, sent, done) {
    for (const form of old.querySelectorAll("form")) {
      const refused = "refused" in form.dataset;
      const fields = [...form.querySelectorAll("[id]")].filter((field) => refused || field.value !== field.defaultValue);
      if (!fields.length || (form === sent && done)) continue;
      for (const field of fields) now.querySelector(`#${field.id}`).value = field.value;
      const copy = now.querySelector(`#${fields[0].id}`).form;
      if (refused || form === sent) copy.dataset.refused = "";
      if (form !== sent) copy.elements.seen.value = form.elements.seen.value;
    }
  }

  // Puts the parts of another copy of the page in the place of ours, and the focus where it was. `sent` is the form
  // that led to the copy, `done` whether what it asks for was done.
  function show(text, sent, done) {
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("edition");
    if (!fresh) { location.reload(); return false; }
    const held = document.activeElement;
    const row = held && held.closest ? held.closest("[data-story]") : null;
    const story = row && row.dataset.story, key = held && held.dataset ? held.dataset.key : "";
    const rows = [...page.querySelectorAll("[data-story]")].map((one) => one.dataset.story);
    const around = held && held.closest ? held.closest("[data-part]") : null;
    const frame = page.querySelector("iframe");
    for (const name of parts) {
      const old = page.querySelector(`[data-part="${name}"]`), now = fresh.querySelector(`[data-part="${name}"]`);
      if (old && now) {
        if (name === "around") carry(old, now, sent, done);
        if (name === "letter" && frame) keepFrame(old, now, frame); else old.replaceWith(now);
      } else if (old || now) { location.reload(); return false; }
    }
    page.dataset.version = fresh.dataset.version;
    if (story) focusStory(story, key, rows);
    if (around && document.activeElement === document.body) focusPart(around.dataset.part);
    return true;
  }

  // The same button of the same story; of a story that is not in the letter any more, the story that took its place.
  function focusStory(story, key, rows) {
    const find = (id) => page.querySelector(`[data-story="${id}"]`);
    const at = rows.indexOf(story);
    const there = find(story) || [...rows.slice(at + 1), ...rows.slice(0, at).reverse()].map(find).find(Boolean);
    const button = there && there.dataset.story === story && key ? there.querySelector(`[data-key="${key}"]`) : null;
    if (there) (button || there).focus();
  }

  // The focus stays in the part of the page in which it was, although its button is gone.
  function focusPart(name) {
    const part = page.querySelector(`[data-part="${name}"]`);
    if (!part) return;
    part.tabIndex = -1;
    part.focus({ preventScroll: true });
  }

  // The frame stays in the page and gets its new address, so that the letter does not blink.
  function keepFrame(old, now, frame) {
    const next = now.querySelector("iframe");
    if (next && next.className === frame.className) {
      const address = next.getAttribute("src");
      for (const child of [...now.children]) {
        if (child.tagName === "IFRAME") continue;
        const same = [...old.children].find((one) => one.tagName === child.tagName && one.className === child.className);
        if (same) same.innerHTML = child.innerHTML;
      }
      if (frame.getAttribute("src") !== address) frame.setAttribute("src", address);
    } else {
      old.replaceWith(now);
    }
  }

  const target = (form, submitter) => submitter && submitter.hasAttribute("formaction") ? submitter.formAction : form.action;

  // An outcome is told once: the address does not name it any more after the page was loaded.
  const plain = () => {
    const address = new URL(location.href);
    for (const name of ["done", "at", "saved"]) address.searchParams.delete(name);
    return address;
  };
  if (location.search.includes("done=")) history.replaceState(null, "", plain());

  async function send(form, submitter) {
    if (busy) return;
    busy = true;
    page.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams(new FormData(form, submitter));
      const answer = await fetch(target(form, submitter), { method: "POST", body, credentials: "same-origin" });
      const text = await answer.text();
      if (answer.redirected && !new URL(answer.url).pathname.startsWith(new URL(page.dataset.ask, location).pathname.replace(/\/version$/, ""))) {
        location.assign(answer.url);
        return;
      }
      if (show(text, form, answer.ok)) {
        const alert = page.querySelector("[role=alert]");
        const done = page.querySelector(".said p");
        say(alert ? alert.textContent : answer.ok && done ? done.textContent : "");
        if (alert) alert.scrollIntoView({ block: "nearest" });
      }
    } catch {
      say("The desk does not answer. Nothing was changed.");
    } finally {
      busy = false;
      page.removeAttribute("aria-busy");
    }
  }

  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented || new URL(target(form, event.submitter)).pathname.endsWith("/approve")) return;
    event.preventDefault();
    send(form, event.submitter);
  });

  // Keys act only while a story itself has the focus, so that none is pressed by accident.
  const KEYS = { u: "up", d: "down", f: "first", l: "line", x: "drop" };
  page.addEventListener("keydown", (event) => {
    const row = event.target;
    if (!(row instanceof HTMLElement) || !row.dataset.story || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    let button = null;
    if (key === "z") button = page.querySelector('[data-part="history"] [data-key="undo"]');
    else if (KEYS[key]) button = row.querySelector(`[data-key="${KEYS[key]}"]`);
    else if (key === "arrowdown" || key === "arrowup") {
      const rows = [...page.querySelectorAll("[data-story]")];
      const next = rows[rows.indexOf(row) + (key === "arrowdown" ? 1 : -1)];
      if (next) { event.preventDefault(); next.focus(); }
      return;
    }
    if (button) { event.preventDefault(); send(button.form, button); }
  });

  // A dragged story is moved before the one that it is dropped on.
  let dragged = null;
  page.addEventListener("dragstart", (event) => {
    const row = event.target.closest && event.target.closest("[data-story]");
    if (!row) return;
    dragged = row;
    row.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.dataset.story);
  });
  page.addEventListener("dragend", () => {
    if (dragged) dragged.classList.remove("dragged");
    page.querySelectorAll(".over").forEach((one) => one.classList.remove("over"));
    dragged = null;
  });
  page.addEventListener("dragover", (event) => {
    const row = event.target.closest && event.target.closest("[data-story]");
    if (!dragged || !row || row === dragged) return;
    event.preventDefault();
    page.querySelectorAll(".over").forEach((one) => one.classList.remove("over"));
    row.classList.add("over");
  });
  page.addEventListener("drop", (event) => {
    const row = event.target.closest && event.target.closest("[data-story]");
    if (!dragged || !row || row === dragged) return;
    event.preventDefault();
    const button = dragged.querySelector('[data-key="drop"]');
    if (!button) return;
    const form = button.form.cloneNode(true);
    const set = (name, value) => {
      const field = document.createElement("input");
      field.type = "hidden"; field.name = name; field.value = value;
      form.append(field);
    };
    form.querySelector("[name=act]").value = "move";
    set("where", "before");
    set("beside", row.dataset.story);
    set("block", row.querySelector('[data-key="line"]') ? "full" : "line");
    send(form);
  });

  // What another editor does shows by itself, unless something is being written here.
  let tag = "";
  async function look() {
    try {
      if (!document.hidden && !busy) {
        const headers = tag ? { "If-None-Match": tag } : {};
        const answer = await fetch(page.dataset.ask, { headers, cache: "no-store", credentials: "same-origin" });
        if (answer.ok && !answer.redirected) {
          tag = answer.headers.get("ETag") || "";
          const told = await answer.json();
          if (told.version && told.version !== page.dataset.version) {
            if (typing()) say("Somebody changed this edition. It is shown when you have sent what you write.");
            else {
              const whole = await fetch(plain(), { cache: "no-store", credentials: "same-origin" });
              if (whole.ok && !busy && show(await whole.text())) say("Somebody changed this edition.");
            }
          }
        }
      }
    } catch {
      say("The desk does not answer; what you see is the last it knew.");
    }
    setTimeout(look, 1200);
  }
  setTimeout(look, 1200);
})();
