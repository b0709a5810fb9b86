// Passkeys: the browser's own dialogue, started from a button. A form says by data-passkey what it wants:
// "sign-in" (options are fetched when asked for), "use" and "create" (options are in the page as data).

import { toBytes, toText } from "./base64url.js";
import { part, parts } from "./dom.js";

/**
 * As the browser wants them, only with text where bytes belong.
 * @typedef {Omit<PublicKeyCredentialDescriptor, "id"> & { id: string }} Descriptor
 *
 * @typedef {Omit<PublicKeyCredentialRequestOptions, "challenge" | "allowCredentials">
 *   & { challenge: string, allowCredentials?: Descriptor[] }} RequestOptions
 *
 * @typedef {Omit<PublicKeyCredentialCreationOptions, "challenge" | "excludeCredentials" | "user">
 *   & { challenge: string, excludeCredentials?: Descriptor[] }
 *   & { user: Omit<PublicKeyCredentialUserEntity, "id"> & { id: string } }} CreationOptions
 */

/** @param {Descriptor[]} descriptors */
const withBytes = (descriptors = []) =>
  descriptors.map(({ id, ...descriptor }) => ({ ...descriptor, id: toBytes(id) }));

// What password managers put in the browser's place may be of another class, so kinds are believed, not checked.
/** @param {Credential | null} found */
const asPasskey = (found) => /** @type {PublicKeyCredential} */ (found);

/** @param {{ publicKey: CreationOptions }} options */
async function create({ publicKey }) {
  const credential = asPasskey(
    await navigator.credentials.create({
      publicKey: {
        ...publicKey,
        challenge: toBytes(publicKey.challenge),
        user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
        excludeCredentials: withBytes(publicKey.excludeCredentials),
      },
    }),
  );
  const response = /** @type {AuthenticatorAttestationResponse} */ (credential.response);
  return {
    ...described(credential),
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      attestationObject: toText(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

/** @param {{ publicKey: RequestOptions }} options */
async function use({ publicKey }) {
  const credential = asPasskey(
    await navigator.credentials.get({
      publicKey: {
        ...publicKey,
        challenge: toBytes(publicKey.challenge),
        allowCredentials: withBytes(publicKey.allowCredentials),
      },
    }),
  );
  const response = /** @type {AuthenticatorAssertionResponse} */ (credential.response);
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return {
    ...described(credential),
    response: {
      clientDataJSON: toText(clientDataJSON),
      authenticatorData: toText(authenticatorData),
      signature: toText(signature),
      userHandle: userHandle ? toText(userHandle) : null,
    },
  };
}

/** @param {PublicKeyCredential} credential */
function described(credential) {
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

/** @param {string} address */
async function fetchedOptions(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`passkey options: ${response.status}`);
  return response.json();
}

/** @param {HTMLFormElement} form */
const optionsInPage = (form) => JSON.parse(part(form, "script[type='application/json']", HTMLScriptElement).text);

/**
 * What the form's credential field gets.
 * @param {HTMLFormElement} form
 */
async function credentialFor(form) {
  if (form.dataset.passkey === "create") return create(optionsInPage(form).creation_options);
  if (form.dataset.passkey === "use") return use(optionsInPage(form).request_options);
  return use((await fetchedOptions(form.action)).request_options);
}

/** @param {unknown} error */
function sentenceFor(error) {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "InvalidStateError") return "Auf diesem Gerät ist schon ein Passkey für Ihr Konto eingerichtet.";
  if (name === "NotAllowedError") {
    return "Das hat nicht geklappt, oder Sie haben abgebrochen. Sie können es noch einmal versuchen.";
  }
  return "Passkeys gehen gerade nicht. Bitte versuchen Sie es noch einmal oder wählen Sie einen anderen Weg.";
}

/** @param {HTMLFormElement} form */
function offerPasskey(form) {
  const problem = part(form, "[data-passkey-problem]", HTMLElement);
  form.hidden = false;
  document.querySelector("[data-passkey-missing]")?.remove();
  const start = async () => {
    problem.textContent = "";
    try {
      part(form, "[name=credential]", HTMLInputElement).value = JSON.stringify(await credentialFor(form));
      form.submit();
    } catch (error) {
      problem.textContent = sentenceFor(error);
    }
  };
  part(form, "button", HTMLButtonElement).addEventListener("click", start);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    start();
  });
}

if ("PublicKeyCredential" in window) {
  for (const form of parts(document, "form[data-passkey]", HTMLFormElement)) offerPasskey(form);
}
