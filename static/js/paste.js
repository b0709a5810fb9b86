// Takes formatted text from the clipboard (Word, LibreOffice, a web page) as what a report knows: paragraphs and lists.
// The clipboard's HTML is read by an inert parser: nothing of it is run, loaded or shown. The server tidies the same way
// (kiv_portal/uploads/pasted_text.py) whatever arrives.
const blocks = new Set("ADDRESS ARTICLE ASIDE BLOCKQUOTE DD DIV DL DT FIGCAPTION FIGURE FOOTER H1 H2 H3 H4 H5 H6 HEADER LI MAIN NAV OL P PRE SECTION TABLE TR UL".split(" "));
const ignored = new Set("DEL HEAD LINK META NOSCRIPT SCRIPT STYLE TEMPLATE TITLE".split(" "));
const lineEnd = /\r\n?|[\v\f\x85\u2028\u2029]/g;
const space = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
const invisible = /[\u00ad\u034f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\u{f0000}-\u{10ffff}]|[\p{Cc}\p{Cs}\p{Cn}]/gu;
const joiners = /(?<![\u0250-\ud7ff\uf900-\u{effff}])[\u200c\u200d]+|[\u200c\u200d]+(?![\u0250-\ud7ff\uf900-\u{effff}])/gu;
const point = /^ *(?:[·•●○◦▪▫■□◆‣⁃➢➤►\ue000-\uf8ff] *|[o*–—-] {2,}|§ {2,}(?![0-9]))(?=[^ ])/u;
const number = /^ *(\d{1,2}[.)]) +(?=[^ ])/;

export function tidy(text) {
  const lines = text.normalize("NFC").replace(lineEnd, "\n").split("\n").map(tidyLine);
  return lines.join("\n").replace(/\n{3,}/g, "\n\n").replace(/^\n+|\n+$/g, "").normalize("NFC");
}

function tidyLine(line) {
  const visible = line.replaceAll("\t", "  ").replace(space, " ").replace(invisible, "").replace(joiners, "");
  const marked = visible.replace(point, "- ").replace(number, "$1 ");
  return marked.replace(/\p{Co}/gu, "").split(" ").filter(Boolean).join(" ");
}

// Paragraphs apart by an empty line, the points of a list directly below each other.
export function plainText(html) {
  const lines = [];
  let line = "";
  let mark = "";
  const close = () => {
    const text = tidy(line);
    line = "";
    if (!text) return; // a point stays for the paragraph inside it
    lines.push({ text: mark + text, isList: mark !== "" });
    mark = "";
  };

  const read = (node, list) => {
    if (node.nodeType === Node.TEXT_NODE) {
      line += node.data.replace(/[\t\n\r ]+/g, " ");
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || ignored.has(node.tagName) || isHidden(node)) return;
    if (node.tagName === "BR") {
      line += "\n";
      return;
    }
    if (isWordMark(node)) {
      mark = /\d/.test(node.textContent) ? `${node.textContent.match(/\d+/)[0].slice(-2)}. ` : "- ";
      return;
    }
    const isBlock = blocks.has(node.tagName);
    if (isBlock) close();
    if (node.tagName === "LI") mark = list?.tagName === "OL" ? `${list.count += 1}. ` : "- ";
    const inner = node.tagName === "OL" || node.tagName === "UL" ? { tagName: node.tagName, count: (node.start || 1) - 1 } : list;
    for (const child of node.childNodes) read(child, inner);
    if (node.tagName === "TD" || node.tagName === "TH") line += " ";
    if (!isBlock) return;
    close();
    mark = "";
  };
  read(new DOMParser().parseFromString(inert(html), "text/html").body, null);
  close();
  return lines.map(({ text, isList }, index) => (index === 0 ? "" : isList && lines[index - 1].isList ? "\n" : "\n\n") + text).join("");
}

// The parser applies nothing, but the page's security policy complains about every style and handler all the same.
function inert(html) {
  const renamed = (tag) => tag.replace(/\s(style|on[a-z]+)\s*=/gi, " data-$1=");
  return html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, renamed);
}

const styleOf = (node) => (node.getAttribute("data-style") ?? "").replace(/\s/g, "").toLowerCase();

function isHidden(node) {
  return /display:none|mso-hide:all|mso-element:(comment|footnote|endnote)/.test(styleOf(node)) || /MsoCommentReference/.test(node.className);
}

// Word writes the point or number of a list as text and marks it as to be left out.
function isWordMark(node) {
  return /mso-list:ignore/.test(styleOf(node));
}

function insert(field, text) {
  // keeps the browser's Undo; where that is not offered the text comes in all the same
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

for (const field of document.querySelectorAll("textarea[data-paste]")) {
  field.addEventListener("paste", (event) => {
    const html = event.clipboardData?.getData("text/html");
    const text = html ? plainText(html) : "";
    if (!text) return; // plain text, a picture: the browser knows what to do
    event.preventDefault();
    insert(field, text);
    const status = field.form?.querySelector("[data-paste-status]");
    if (status) status.textContent = "Eingefügt. Absätze und Listen sind geblieben, alles andere ist entfernt.";
  });
}
