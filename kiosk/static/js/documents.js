// What was scanned for this passenger, as chips. Kept in memory only, and by what the code holds, never by a file name.

import { look } from "./server.js";
import { known, say } from "./words.js";

const AGAIN = 3000; // milliseconds in which the same code shown again is passed over in silence

export function makeDocuments({ limit, onChange, onSaid }) {
  let held = [];
  let root = null;
  const seen = new Map();

  const word = (kind) => (known(`kind.${kind}`) ? say(`kind.${kind}`) : kind);

  function render(body = root) {
    root = body;
    const list = root.querySelector("[data-chips]");
    const template = root.querySelector("#chip");
    list.replaceChildren(
      ...held.map((item, index) => {
        const chip = template.content.firstElementChild.cloneNode(true);
        chip.dataset.kind = item.kind;
        chip.classList.toggle("doubtful", !item.known);
        chip.querySelector(item.known ? "[data-not-ok]" : "[data-ok]").remove();
        chip.querySelector("[data-word]").textContent = word(item.kind);
        const remove = chip.querySelector("[data-remove]");
        remove.setAttribute("aria-label", say("remove", { what: word(item.kind) }));
        remove.addEventListener("click", () => {
          held.splice(index, 1);
          onSaid("");
          render();
          onChange(null);
        });
        return chip;
      }),
    );
  }

  function take(found) {
    let added = 0;
    for (const code of found.codes) {
      const last = seen.get(code.bytes_b64) ?? -Infinity;
      seen.set(code.bytes_b64, performance.now());
      if (held.some((item) => item.bytes_b64 === code.bytes_b64)) {
        if (performance.now() - last > AGAIN) onSaid(say("already"));
        continue;
      }
      held.push(code);
      added += 1;
      onSaid(say("added", { what: word(code.kind) }));
    }
    if (found.problem) onSaid([found.problem.said, found.problem.todo].filter(Boolean).join(" "), true);
    if (added) {
      render();
      onChange(added);
    }
    return added;
  }

  async function put(body, type) {
    if ((body.size ?? body.length) > limit) {
      onSaid(say("too-large"), true);
      return 0;
    }
    try {
      return take(await look(body, type));
    } catch (error) {
      onSaid(error.message, true);
      return 0;
    }
  }

  return {
    render,
    take,
    text: (text) => put(text, "text/plain; charset=utf-8"),
    picture: (blob) => put(blob, blob.type.startsWith("image/") ? blob.type : "application/octet-stream"),
    codes: () => held.map((item) => item.bytes_b64),
    clear() {
      held = [];
      seen.clear();
      if (root) render();
    },
  };
}
