// A barcode scanner that types. What it types is told from typing by its speed: at least LEAST characters, on average no more
// than GAP milliseconds apart. The listener sees every key first, so a scan has no side effect wherever the focus is.

const GAP = 35;
const IDLE = 150; // silence that ends a burst
const PATIENCE = 400; // the same once it is surely a scan: a radio scanner or a busy machine may stop for a moment
const LATE = 40;
const LEAST = 20;
const SURE = 3; // characters after which keys of a fast burst are held back
const LINE_WAIT = 700; // a passport reader sends the lines of a zone one after another

const KNOWN =
  /^(?:\][A-Za-z][0-9A-Za-z])?(?:HC1:|shc:\/|SHC:\/|NZCP:\/|CRED:|NL2:|DC0|M[1-4][A-Z]|[PIACV][A-Z<][A-Z<]{3}|eyJ|\{|https?:\/\/|B64:)/;
const ZONE = /^[A-Z0-9<]+$/;
const LINES = { 30: 3, 36: 2, 44: 2 };

const SHIFTED = { 1: "!", 2: "@", 3: "#", 4: "$", 5: "%", 6: "^", 7: "&", 8: "*", 9: "(", 0: ")" };
const MARKS = {
  Space: "  ", Minus: "-_", Equal: "=+", Semicolon: ";:", Quote: "'\"", Comma: ",<", Period: ".>", Slash: "/?",
  BracketLeft: "[{", BracketRight: "]}", Backslash: "\\|", Backquote: "`~", IntlBackslash: "<>",
  NumpadAdd: "++", NumpadSubtract: "--", NumpadMultiply: "**", NumpadDivide: "//", NumpadDecimal: "..",
}; // prettier-ignore

// What the key would be on the layout that scanners are delivered with (US): for hosts set to another one.
export function usKey(event) {
  const { code, shiftKey } = event;
  const upper = shiftKey !== event.getModifierState("CapsLock");
  if (code.startsWith("Key")) return upper ? code[3] : code[3].toLowerCase();
  if (code.startsWith("Digit")) return shiftKey ? SHIFTED[code[5]] : code[5];
  if (/^Numpad\d$/.test(code)) return code[6];
  return code in MARKS ? MARKS[code][shiftKey ? 1 : 0] : "";
}

export const choose = (typed, us) => (!KNOWN.test(typed) && KNOWN.test(us) ? us : typed);

const fresh = () => ({ typed: "", us: "", held: "", first: 0, last: 0, target: null, before: null });

export function listen(deliver) {
  let burst = fresh();
  let timer = 0;
  const join = joiner(deliver);

  const fast = () => burst.typed.length > 1 && (burst.last - burst.first) / (burst.typed.length - 1) <= GAP;

  const sure = () => (burst.typed.length >= LEAST || KNOWN.test(burst.typed)) && fast();
  const silence = () => (sure() ? PATIENCE : IDLE);

  const give = () => {
    const { typed, us, target, before } = burst;
    burst = fresh();
    if (before !== null && target.isConnected) target.value = before;
    join(choose(typed, us));
  };

  // A quick hand, not a scanner: what was held back goes where it was meant for.
  const giveBack = () => {
    const { held, target, before } = burst;
    burst.held = "";
    if (held && target instanceof HTMLSelectElement) pick(target, held);
    if (!held || before === null) return;
    target.setRangeText(held, target.selectionStart, target.selectionEnd, "end");
    target.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const drop = () => {
    giveBack();
    burst = fresh();
  };

  const end = () => (burst.typed.length >= LEAST && fast() ? give() : drop());

  // Where the page was busy, keys may still wait behind this timer: let them in first.
  const wait = () => {
    const due = performance.now() + silence();
    timer = setTimeout(() => {
      if (performance.now() - due > LATE) timer = setTimeout(end, LATE);
      else end();
    }, silence());
  };

  document.addEventListener(
    "keydown",
    (event) => {
      // a key held down repeats as fast as a scanner types; no scanner repeats
      if (event.isComposing || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
      clearTimeout(timer);
      if (burst.typed && event.timeStamp - burst.last > silence()) end();
      if (event.key === "Enter" || event.key === "Tab") {
        if (burst.typed.length >= LEAST && fast()) {
          event.preventDefault();
          event.stopImmediatePropagation();
          give();
        } else drop();
        return;
      }
      if (event.key.length !== 1) {
        if (burst.typed) wait();
        return;
      }
      if (!burst.typed) {
        const field = event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement;
        const text = field && !["checkbox", "radio", "file"].includes(event.target.type);
        burst = { ...fresh(), first: event.timeStamp, target: event.target, before: text ? event.target.value : null };
      }
      burst.typed += event.key;
      burst.us += usKey(event);
      burst.last = event.timeStamp;
      const list = burst.target instanceof HTMLSelectElement && burst.typed !== " "; // would choose by letters at once
      if (list || (burst.typed.length > SURE && fast())) {
        burst.held += event.key;
        event.preventDefault();
        event.stopImmediatePropagation();
      } else giveBack();
      wait();
    },
    { capture: true },
  );
}

function pick(list, letters) {
  const wanted = letters.toLocaleLowerCase();
  const found = [...list.options].find((option) => option.text.toLocaleLowerCase().startsWith(wanted));
  if (!found || found.selected) return;
  list.value = found.value;
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

// Lines of a passport zone into one scan; everything else at once.
export function joiner(deliver) {
  let lines = [];
  let timer = 0;
  const flush = () => {
    const text = lines.join("\r");
    lines = [];
    if (text) deliver(text);
  };
  return (text) => {
    clearTimeout(timer);
    const wanted = ZONE.test(text) ? LINES[text.length] : undefined;
    if (!wanted || (lines.length && lines[0].length !== text.length)) flush();
    if (!wanted) {
      deliver(text);
      return;
    }
    lines.push(text);
    if (lines.length === wanted) flush();
    else timer = setTimeout(flush, LINE_WAIT);
  };
}
