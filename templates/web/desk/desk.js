"use strict";
/* Passkeys: a form with a field data-passkey asks the browser, and is sent with its answer (WebAuthn Level 3, 5.1). */

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function base64url(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function read(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.excludeCredentials, options.allowCredentials])
    for (const each of list || []) each.id = bytes(each.id);
  return options;
}

function written(credential) {
  const answer = credential.response;
  const response = { clientDataJSON: base64url(answer.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
    if (answer[name]) response[name] = base64url(answer[name]);
  return JSON.stringify({
    id: credential.id,
    rawId: base64url(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

async function ask(field) {
  const publicKey = read(JSON.parse(field.dataset.options));
  const made = field.dataset.passkey === "new";
  return made ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey });
}

for (const field of document.querySelectorAll("[data-passkey]")) {
  field.form.addEventListener("submit", async (event) => {
    if (field.value) return;
    event.preventDefault();
    const problem = document.querySelector("[data-passkey-problem]");
    try {
      field.value = written(await ask(field));
      field.form.submit();
    } catch (error) {
      problem.textContent = error.name === "InvalidStateError"
        ? "This device has a passkey for your account already."
        : "The browser gave no passkey. Try once more, or go back and use your password.";
      problem.hidden = false;
    }
  });
}
