"use strict";
// The browser in which somebody signed up has opened the link of the mail: send the form as a press would. A page that
// nobody sees (loaded ahead, or in the background) waits until it is shown. Without a script the button stays.
const form = document.querySelector("form[data-at-once]");
let sent = false;
function send() {
  if (!form || sent || document.prerendering || document.visibilityState !== "visible") return;
  sent = true;
  form.requestSubmit();
}
document.addEventListener("visibilitychange", send);
document.addEventListener("prerenderingchange", send);
send();
