// Formatted text of the clipboard as paragraphs and lists. Its HTML is read by an inert parser: nothing of it is run,
// loaded or shown. The server tidies the same way (kiv_portal/uploads/pasted_text.py) whatever arrives.

const BLOCKS =
  "ADDRESS ARTICLE ASIDE BLOCKQUOTE DD DIV DL DT FIGCAPTION FIGURE FOOTER H1 H2 H3 H4 H5 H6 HEADER LI MAIN NAV OL P PRE " +
  "SECTION TABLE TR UL";
const blocks = new Set(BLOCKS.split(" "));
const ignored = new Set("DEL HEAD LINK META NOSCRIPT SCRIPT STYLE TEMPLATE TITLE".split(" "));
const lineEnd = /\r\n?|[\v\f\x85\u2028\u2029]/g;
const space = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
const invisible =
  /[\u00ad\u034f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\u{f0000}-\u{10ffff}]|[\p{Cc}\p{Cs}\p{Cn}]/gu;
const joiners =
  /(?<![\u0250-\ud7ff\uf900-\u{effff}])[\u200c\u200d]+|[\u200c\u200d]+(?![\u0250-\ud7ff\uf900-\u{effff}])/gu;
const point = /^ *(?:[·•●○◦▪▫■□◆‣⁃➢➤►\ue000-\uf8ff] *|[o*–—-] {2,}|§ {2,}(?![0-9]))(?=[^ ])/u;
const number = /^ *(\d{1,2}[.)]) +(?=[^ ])/;

/** @param {string} text */
export function tidy(text) {
  const lines = text.normalize("NFC").replace(lineEnd, "\n").split("\n").map(tidyLine);
  return lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+|\n+$/g, "")
    .normalize("NFC");
}

/** @param {string} line */
function tidyLine(line) {
  const visible = line.replaceAll("\t", "  ").replace(space, " ").replace(invisible, "").replace(joiners, "");
  const marked = visible.replace(point, "- ").replace(number, "$1 ");
  return marked
    .replace(/\p{Co}/gu, "")
    .split(" ")
    .filter(Boolean)
    .join(" ");
}

/**
 * Paragraphs apart by an empty line, the points of a list directly below each other.
 * @param {string} html
 */
export function plainText(html) {
  const reader = new LineReader();
  reader.read(new DOMParser().parseFromString(inert(html), "text/html").body, null);
  reader.close();
  return reader.lines.map((line, index) => gapBefore(line, reader.lines[index - 1]) + line.text).join("");
}

/** @typedef {{ text: string, isList: boolean }} Line */

/**
 * @param {Line} line
 * @param {Line | undefined} before
 */
function gapBefore(line, before) {
  if (!before) return "";
  return line.isList && before.isList ? "\n" : "\n\n";
}

/** @typedef {{ isNumbered: boolean, count: number }} List */

class LineReader {
  /** @type {Line[]} */
  lines = [];
  #line = "";
  #mark = "";

  close() {
    const text = tidy(this.#line);
    this.#line = "";
    if (!text) return; // a point stays for the paragraph inside it
    this.lines.push({ text: this.#mark + text, isList: this.#mark !== "" });
    this.#mark = "";
  }

  /**
   * @param {Node} node
   * @param {List | null} list the list that the node stands in
   */
  read(node, list) {
    if (node instanceof Text) this.#line += node.data.replace(/[\t\n\r ]+/g, " ");
    else if (node instanceof Element && !ignored.has(node.tagName) && !isHidden(node)) this.#readElement(node, list);
  }

  /**
   * @param {Element} node
   * @param {List | null} list
   */
  #readElement(node, list) {
    if (node.tagName === "BR") {
      this.#line += "\n";
      return;
    }
    if (isWordMark(node)) {
      const digits = /\d+/.exec(node.textContent);
      this.#mark = digits ? `${digits[0].slice(-2)}. ` : "- ";
      return;
    }
    const isBlock = blocks.has(node.tagName);
    if (isBlock) this.close();
    if (node.tagName === "LI") this.#mark = list?.isNumbered ? `${(list.count += 1)}. ` : "- ";
    const inner = listOf(node) ?? list;
    for (const child of node.childNodes) this.read(child, inner);
    if (node instanceof HTMLTableCellElement) this.#line += " ";
    if (!isBlock) return;
    this.close();
    this.#mark = "";
  }
}

/**
 * @param {Element} node
 * @returns {List | null}
 */
function listOf(node) {
  if (node instanceof HTMLOListElement) return { isNumbered: true, count: (node.start || 1) - 1 };
  return node.tagName === "UL" ? { isNumbered: false, count: 0 } : null;
}

/**
 * The parser applies nothing, but the page's security policy complains about every style and handler all the same.
 * @param {string} html
 */
function inert(html) {
  const renamed = (/** @type {string} */ tag) => tag.replace(/\s(style|on[a-z]+)\s*=/gi, " data-$1=");
  return html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, renamed);
}

const styleOf = (/** @type {Element} */ node) =>
  (node.getAttribute("data-style") ?? "").replace(/\s/g, "").toLowerCase();

/** @param {Element} node */
function isHidden(node) {
  return (
    /display:none|mso-hide:all|mso-element:(comment|footnote|endnote)/.test(styleOf(node)) ||
    /MsoCommentReference/.test(node.className)
  );
}

/**
 * Word writes the point or number of a list as text and marks it as to be left out.
 * @param {Element} node
 */
function isWordMark(node) {
  return /mso-list:ignore/.test(styleOf(node));
}
