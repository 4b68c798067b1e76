// The pages of an edition and of a story, nicer: forms answer in place, stories are dragged, keys act on the story that
// has the focus, and what somebody else does shows within two seconds. Everything works without it.
"use strict";
(() => {
  const page = document.getElementById("edition");
  if (!page) return;
  document.documentElement.classList.add("js");
  const live = document.getElementById("live"), trouble = document.getElementById("trouble");
  const SLOW = 600;
  const LOST = "The desk does not answer. What you asked for is probably not done; the page shows it when the desk answers again.";
  const NOT_DONE = "It was not done: the desk did not answer. It answers again now: try once more.";
  const SHOWN = "The desk answers again. The page shows what holds now.";
  let busy = false, unanswered = 0, unsure = "";
  let waiting = [];

  const say = (words) => { live.textContent = words; };
  const warn = (words) => { trouble.textContent = words; room(); };
  const first = (field) => field.tagName === "SELECT" ? ([...field.options].find((one) => one.defaultSelected) || field.options[0] || field).value : field.defaultValue;
  const typing = () => {
    const field = document.activeElement;
    return field && /^(INPUT|TEXTAREA|SELECT)$/.test(field.tagName) && page.contains(field) &&
      (field.value !== first(field) || (field.tagName !== "INPUT" && !field.classList.contains("grows")));
  };
  const byId = (id) => { const found = id ? document.getElementById(id) : null; return found && page.contains(found) ? found : null; };
  const partOf = (element) => element && element.closest ? element.closest("[data-part]") : null;

  // What was written and not sent is put into another copy of the form, with the number of the newest act that its
  // writer saw. A form that was refused gets the new number: its writer has been told of the acts since.
  function carry(old, now, sent, done) {
    for (const form of old.querySelectorAll("form")) {
      const refused = "refused" in form.dataset;
      const fields = [...form.querySelectorAll("input[id], textarea[id], select[id]")].filter((field) => refused || field.value !== first(field));
      if (!fields.length || (form === sent && done)) continue;
      const copies = fields.map((field) => [field, now.querySelector(`#${field.id}`)]).filter(([, copy]) => copy);
      for (const [field, copy] of copies) {
        if (copy.tagName !== "SELECT" || [...copy.options].some((one) => one.value === field.value)) copy.value = field.value;
      }
      const copy = copies.length ? copies[0][1].form : null;
      if (copy && (refused || form === sent)) copy.dataset.refused = "";
      if (copy && form !== sent) copy.elements.seen.value = form.elements.seen.value;
    }
  }

  // The message at the bottom goes after a while, unless it is an error, has the focus or is under the pointer. The
  // page leaves room for it, so that it never covers a button for good.
  const STAYS = 10000;
  let going = 0, rested = "";
  function room() {
    const bars = [...page.querySelectorAll(".said"), trouble].map((one) => one.hidden ? 0 : one.offsetHeight);
    document.documentElement.style.setProperty("--bar-height", `${Math.max(...bars)}px`);
  }
  function showBar() {
    room();
    clearTimeout(going);
    going = setTimeout(goAway, STAYS);
  }
  function goAway() {
    const said = page.querySelector("#said");
    if (!said || said.hidden) return;
    if (said.contains(document.activeElement) || said.matches(":hover")) { going = setTimeout(goAway, STAYS); return; }
    said.hidden = true;
    room();
  }
  function close(bar) {
    const focused = bar.contains(document.activeElement);
    bar.hidden = true;
    room();
    if (focused) focusOn(byId(rested) || page.querySelector("h1"));
  }

  // Where something is, so that it is found in another copy of the page: the nearest element with an id, and the key
  // of the button.
  function mark(element) {
    const near = element && element.closest ? element.closest("[id]") : null;
    const row = element && element.closest ? element.closest("[data-story]") : null;
    const part = partOf(element);
    const rows = [...page.querySelectorAll("[data-story]")], at = rows.indexOf(row);
    const next = row ? [...rows.slice(at + 1), ...rows.slice(0, at).reverse()].map((one) => one.id) : [];
    return { id: near && near !== page ? near.id : "", row: row ? row.id : "", next, key: (element && element.dataset && element.dataset.key) || "", part: part ? part.dataset.part : "" };
  }

  // Only a button that does the same as before gets the focus: not one that would drop or remove something else.
  function found(here, place) {
    const rows = here.row ? [here.row, ...here.next].map(byId) : [];
    const box = byId(place) || rows.find((one) => one && one.dataset.story) || byId(here.row) || byId(here.id);
    if (!box) return null;
    const same = !place || [here.id, here.row].includes(place) || !/^(drop|remove)$/.test(here.key);
    const button = same && here.key ? box.querySelector(`[data-key="${here.key}"]`) : null;
    return button && button.getClientRects().length ? button : box;
  }

  function focusOn(element) {
    if (!/^(A|BUTTON|INPUT|TEXTAREA|SELECT|SUMMARY)$/.test(element.tagName) && !element.hasAttribute("tabindex")) element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }

  // Puts the parts of another copy of the page in the place of ours, and the focus where it was, at the same height of
  // the window. `sent` is the form that led to the copy, `done` whether what it asks for was done.
  function show(text, sent, done, held, place) {
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("edition");
    const names = (root) => [...root.querySelectorAll("[data-part]")].map((one) => one.dataset.part).join();
    if (!fresh || names(fresh) !== names(page)) { location.reload(); return false; }
    const here = mark(held), height = heights(held);
    const inside = held && page.contains(held);
    const opened = [...page.querySelectorAll("details[id]")].filter((one) => one !== (sent && sent.closest("details")));
    const frame = page.querySelector("iframe");
    const told = fresh.querySelector(".said[role=status]");
    if (told) told.removeAttribute("role");  // the live region tells it
    for (const old of [...page.querySelectorAll("[data-part]")]) {
      const now = fresh.querySelector(`[data-part="${old.dataset.part}"]`);
      carry(old, now, sent, done);
      if (old.dataset.part === "letter" && frame) keepFrame(old, now, frame); else old.replaceWith(now);
    }
    for (const one of opened) { const copy = byId(one.id); if (copy) copy.open = one.open; }
    page.dataset.version = fresh.dataset.version;
    count();
    waiting.forEach((one) => one.pale());
    showBar();
    if (inside) settle(here, height, place, sent);
    return true;
  }

  // How far below the top of the window a button is, and the story, bullet or form around it.
  function heights(held) {
    const top = (element) => element && element.getBoundingClientRect ? element.getBoundingClientRect().top : 0;
    return { button: top(held), box: top(held && held.closest ? held.closest("[data-story], li[id], form[id]") || held : held) };
  }

  // After a look at what others did, the window does not follow a focus that is out of sight.
  function settle(here, height, place, sent) {
    const target = found(here, place) || page.querySelector(`[data-part="${here.part}"]`);
    if (!target) return;
    focusOn(target);
    rested = target.closest("[id]").id;
    const part = partOf(target), seen = height.button > 0 && height.button < innerHeight;
    const before = target.dataset.key ? height.button : height.box;
    if (seen && part && part.dataset.part === here.part) scrollBy({ top: target.getBoundingClientRect().top - before, behavior: "instant" });
    if (sent) target.scrollIntoView({ block: "nearest", behavior: "instant" });
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
    for (const name of ["done", "at", "saved", "place"]) address.searchParams.delete(name);
    return address;
  };
  if (location.search.includes("done=")) history.replaceState(null, "", plain());

  // What was pressed is pale until the desk has answered.
  function begin(form, submitter) {
    busy = true;
    warn("");
    page.querySelectorAll(".said").forEach((one) => { one.hidden = true; });
    room();
    page.setAttribute("aria-busy", "true");
    pale(form, submitter);
    return setTimeout(() => say("Working…"), SLOW);
  }

  function isDrop(form) { return form.elements.act && form.elements.act.value === "drop"; }

  function pale(form, submitter) {
    const box = isDrop(form) ? form.closest(".row") : null;
    (box || submitter || form).classList.add("pending");
  }

  function end(timer) {
    clearTimeout(timer);
    busy = false;
    page.removeAttribute("aria-busy");
    if (!waiting.length) page.querySelectorAll(".pending").forEach((one) => one.classList.remove("pending"));
    const next = waiting.shift();
    if (next) next.run();
  }

  // What was pressed meanwhile is pressed again in the new copy of the page, if it is still there.
  function later(form, submitter, stay) {
    const here = mark(submitter || form), act = form.elements.act ? form.elements.act.value : "";
    const again = () => {
      const box = byId(here.row) || byId(here.id);
      const button = box && box.querySelector(here.key ? `[data-key="${here.key}"]` : "button:not([formaction])");
      return button && button.form && (!act || button.form.elements.act.value === act) ? button : null;
    };
    wait(() => { const button = again(); if (button) send(button.form, button, stay); else end(0); },
      () => { const button = again(); if (button) pale(button.form, button); });
  }

  function wait(run, pale) {
    waiting.push({ run, pale });
    pale();
  }

  function failed(words) {
    waiting = [];
    warn(words);
  }

  // With `stay`, the focus stays where it is, whatever place the desk names.
  async function send(form, submitter, stay = false) {
    if (busy) { later(form, submitter, stay); return; }
    const held = submitter && document.activeElement === document.body ? submitter : document.activeElement;
    const timer = begin(form, submitter);
    try {
      const body = new URLSearchParams(new FormData(form, submitter));
      const answer = await fetch(target(form, submitter), { method: "POST", body, credentials: "same-origin" });
      const text = await answer.text();
      const address = new URL(answer.url);
      if (answer.redirected && address.pathname !== location.pathname) {
        waiting = [];
        const place = address.searchParams.get("place");
        location.assign(answer.url + (place ? `#${place}` : ""));
        return;
      }
      if (!/id="edition"/.test(text)) { failed(reason(text)); return; }
      warn("");
      if (show(text, form, answer.ok, held, answer.ok && !stay ? address.searchParams.get("place") : "")) outcome(answer.ok);
    } catch {
      unsure = page.dataset.version;
      page.dataset.version = "";  // the next look shows what holds
      failed(LOST);
    } finally {
      end(timer);
    }
  }

  // The words of a page that is none of an edition, such as "Something broke".
  function reason(text) {
    const main = new DOMParser().parseFromString(text, "text/html").querySelector("main");
    const words = main ? [...main.querySelectorAll("h1, p")].map((one) => one.textContent.trim()).slice(0, 2).join(". ") : "";
    return words ? `Not done. ${words}` : LOST;
  }

  function outcome(done) {
    const alert = page.querySelector(".problem[role=alert]"), said = page.querySelector("#said p");
    say(!alert && done && said ? said.textContent : "");  // an alert is read by itself
    if (!alert) return;
    waiting = [];
    const back = alert.querySelector(".back-to");
    if (back) back.remove();  // the focus is there
  }

  page.addEventListener("submit", (event) => {
    const form = event.target;
    const whole = "whole" in form.dataset || /\/(approve|refreeze)$/.test(new URL(target(form, event.submitter)).pathname);
    if (form.method !== "post" || event.defaultPrevented || whole) return;
    event.preventDefault();
    send(form, event.submitter);
  });

  page.addEventListener("click", (event) => {
    const link = event.target.closest ? event.target.closest("a[data-close], .views a") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if ("close" in link.dataset) close(link.closest(".said")); else preview(link);
  });

  // Another look at the letter changes nothing else, so that what is being written stays.
  async function preview(link) {
    try {
      const answer = await fetch(link.href, { cache: "no-store", credentials: "same-origin" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = fresh.querySelector('[data-part="letter"]');
      if (!answer.ok || !now) { location.assign(link.href); return; }
      page.querySelector('[data-part="letter"]').replaceWith(now);
      const address = new URL(link.href), view = address.searchParams.get("view");
      address.hash = "";
      history.replaceState(null, "", address);
      page.querySelectorAll("input[name=view]").forEach((field) => { field.value = view; });
      const chosen = now.querySelector(".views [aria-current]");
      if (chosen) { chosen.focus({ preventScroll: true }); say(`The letter, ${chosen.textContent}`); }
    } catch {
      warn("The desk does not answer; what you see is the last it knew.");
    }
  }

  // Keys act only while a story itself has the focus, so that none is pressed by accident.
  const KEYS = { u: "up", d: "down", f: "first", l: "line", x: "drop" };
  page.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && event.target.closest ? event.target.closest("details.more[open]") : null;
    if (open) { open.open = false; open.querySelector("summary").focus(); return; }
    const row = event.target;
    if (event.key === "Enter" && !event.isComposing && row.matches && row.matches("textarea.grows")) {  // it has one line, however long
      event.preventDefault();
      row.form.requestSubmit();
      return;
    }
    if (!(row instanceof HTMLElement) || !row.dataset.story || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    let button = null;
    if (key === "z") button = page.querySelector('[data-part="history"] [data-key="undo"]');
    else if (KEYS[key]) button = row.querySelector(`[data-key="${KEYS[key]}"]`);
    else if (key === "e") { const edit = row.querySelector('[data-key="edit"]'); if (edit) edit.click(); return; }
    else if (key === "arrowdown" || key === "arrowup") {
      const rows = [...page.querySelectorAll("[data-story]")];
      const next = rows[rows.indexOf(row) + (key === "arrowdown" ? 1 : -1)];
      if (next) { event.preventDefault(); next.focus(); }
      return;
    }
    if (button) { event.preventDefault(); send(button.form, button, key === "z"); }
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
    const moved = dragged.id, before = row.id;
    const pending = () => { const one = byId(moved); if (one) one.classList.add("pending"); };
    if (busy) wait(() => move(moved, before), pending); else move(moved, before);
  });

  function move(moved, before) {
    const row = byId(moved), other = byId(before), button = row && row.querySelector('[data-key="drop"]');
    if (!button || !other) { end(0); return; }
    const form = button.form.cloneNode(true);
    const set = (name, value) => {
      const field = document.createElement("input");
      field.type = "hidden"; field.name = name; field.value = value;
      form.append(field);
    };
    form.querySelector("[name=act]").value = "move";
    set("where", "before");
    set("beside", other.dataset.story);
    set("block", other.querySelector('[data-key="line"]') ? "full" : "line");
    row.classList.add("pending");
    focusOn(row);
    send(form);
  }

  // The time that is left is counted down from what the page said, whatever the clock of this device shows.
  let loaded = performance.now();
  function count() { loaded = performance.now(); }
  setInterval(() => {
    const left = page.querySelector("[data-left]");
    if (!left) return;
    const minutes = Math.max(0, Math.round((Number(left.dataset.left) - (performance.now() - loaded) / 1000) / 60));
    const hours = Math.floor(minutes / 60);
    const words = [hours ? `${hours} h` : "", minutes % 60 || !hours ? `${minutes % 60} min` : ""].filter(Boolean).join(" ");
    if (hours < 48 && left.textContent !== words) left.textContent = words;
  }, 5000);

  // What another editor does shows by itself, unless something is being written here.
  const HAPPENED = { approved: "This edition was approved.", held: "This edition was held.", sending: "This edition is being sent now.", sent: "This edition was sent.", skipped: "This edition is not sent.", paused: "Sending is paused.", cancelled: "This edition was cancelled." };
  let tag = "";
  async function look() {
    try {
      if (!document.hidden && !busy) {
        const headers = tag && page.dataset.version ? { "If-None-Match": tag } : {};
        const answer = await fetch(page.dataset.ask, { headers, cache: "no-store", credentials: "same-origin" });
        if (answer.status >= 500) throw new Error("unavailable");
        if (unanswered > 1) warn("");
        unanswered = 0;
        if (answer.redirected) warn("You are signed out. Load the page again to sign in; what you have typed is not saved.");
        if (answer.ok && !answer.redirected) await take(answer);
      }
    } catch {
      unanswered += 1;
      if (unanswered === 2) warn("The desk does not answer; what you see is the last it knew.");
    }
    setTimeout(look, 1200);
  }

  async function take(answer) {
    tag = answer.headers.get("ETag") || "";
    const told = await answer.json();
    if (!told.version || told.version === page.dataset.version) return;
    const lost = !page.dataset.version, same = told.version === unsure;
    const happened = HAPPENED[told.state] && !page.querySelector(`.chip.${told.state}`) ? HAPPENED[told.state] : "Somebody changed this edition.";
    if (typing() && !lost) { say(`${happened} It is shown when you have sent what you write.`); return; }
    const whole = await fetch(plain(), { cache: "no-store", credentials: "same-origin" });
    const text = await whole.text();
    if (!whole.ok || busy || !show(text, null, false, document.activeElement, "")) return;
    if (lost) warn(same ? NOT_DONE : SHOWN); else say(happened);
  }
  setTimeout(look, 1200);
  showBar();
})();
