// Passkeys: the browser's own dialogue, started from a button. A form says by data-passkey what it wants:
// "sign-in" (options are fetched when asked for), "use" and "create" (options are in the page as data).

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const withBytes = (descriptors) => descriptors?.map((descriptor) => ({ ...descriptor, id: toBytes(descriptor.id) }));

async function create({ publicKey }) {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
      excludeCredentials: withBytes(publicKey.excludeCredentials),
    },
  });
  return {
    ...described(credential),
    response: {
      clientDataJSON: toText(credential.response.clientDataJSON),
      attestationObject: toText(credential.response.attestationObject),
      transports: credential.response.getTransports?.() ?? [],
    },
  };
}

async function use({ publicKey }) {
  const credential = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      allowCredentials: withBytes(publicKey.allowCredentials),
    },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
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

function described(credential) {
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function fetchedOptions(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`passkey options: ${response.status}`);
  return response.json();
}

const optionsInPage = (form) => JSON.parse(form.querySelector("script[type='application/json']").textContent);

const ways = {
  "sign-in": async (form) => use((await fetchedOptions(form.action)).request_options),
  use: async (form) => use(optionsInPage(form).request_options),
  create: async (form) => create(optionsInPage(form).creation_options),
};

function sentenceFor(error) {
  if (error.name === "InvalidStateError") return "Auf diesem Gerät ist schon ein Passkey für Ihr Konto eingerichtet.";
  if (error.name === "NotAllowedError") return "Das hat nicht geklappt, oder Sie haben abgebrochen. Sie können es noch einmal versuchen.";
  return "Passkeys gehen gerade nicht. Bitte versuchen Sie es noch einmal oder wählen Sie einen anderen Weg.";
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) break;
  const button = form.querySelector("button");
  const problem = form.querySelector("[data-passkey-problem]");
  form.hidden = false;
  document.querySelector("[data-passkey-missing]")?.remove();
  const start = async () => {
    problem.textContent = "";
    try {
      form.elements.credential.value = JSON.stringify(await ways[form.dataset.passkey](form));
      form.submit();
    } catch (error) {
      problem.textContent = sentenceFor(error);
    }
  };
  button.addEventListener("click", start);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    start();
  });
}
