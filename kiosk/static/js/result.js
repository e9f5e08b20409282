// The answer on the screen: focus, the person to compare, the earliest moment on demand, and the clock that clears it.

import { post } from "./server.js";
import { say } from "./words.js";

export function makeResult({ onNext, onBack }) {
  let box = null;
  let ticker = 0;

  const $ = (name) => box.querySelector(`[data-${name}]`);

  function stopClock() {
    clearInterval(ticker);
    ticker = 0;
  }

  function keep() {
    if (!ticker) return;
    stopClock();
    $("reset-box")?.setAttribute("hidden", "");
  }

  function startClock(seconds) {
    let left = seconds;
    const bar = $("left");
    const show = () => {
      $("count").textContent = String(left);
      bar.style.inlineSize = `${(100 * left) / seconds}%`;
    };
    show();
    ticker = setInterval(() => {
      left -= 1;
      if (left <= 0) {
        stopClock();
        onNext();
      } else show();
    }, 1000);
  }

  function person(who) {
    const values = [
      ["person.surname", who.surname],
      ["person.given", who.given_names],
      ["person.born", who.birth_date],
      ["person.document", who.document?.number],
    ];
    const list = $("person-list");
    for (const [label, value] of values) {
      if (!value) continue;
      const pair = document.createElement("div");
      const term = document.createElement("dt");
      const text = document.createElement("dd");
      term.textContent = say(label);
      text.textContent = value;
      text.dir = "auto";
      pair.append(term, text);
      list.append(pair);
    }
    if (!list.childElementCount) $("person").remove();
  }

  async function earliest(asked) {
    const place = $("earliest-box");
    const button = $("earliest");
    button.disabled = true;
    try {
      place.innerHTML = await post("/desk/earliest", asked);
    } catch (error) {
      button.disabled = false;
      button.querySelector("span").textContent = error.message;
    }
  }

  // `quiet`: shown again in another language; the focus stays, the clock is not started anew.
  function show(element, live, html, asked, seconds, { quiet = false } = {}) {
    stopClock();
    box = element;
    box.innerHTML = html;
    box.hidden = false;
    person(asked.traveller);
    $("next").addEventListener("click", onNext);
    $("back").addEventListener("click", onBack);
    $("keep")?.addEventListener("click", keep);
    $("earliest")?.addEventListener("click", () => earliest(asked));
    box.querySelector(".account").addEventListener("pointerdown", keep);
    box.querySelector(".account").addEventListener("focusin", keep);
    $("person")?.addEventListener("toggle", keep);
    const sheet = $("verdict");
    live.textContent = `${$("heading").textContent}. ${$("lead").textContent}`;
    if (sheet.dataset.resets === "1") {
      if (quiet) $("reset-box").setAttribute("hidden", "");
      else startClock(seconds);
    }
    if (!quiet) {
      scrollTo(0, 0);
      $("heading").focus({ preventScroll: true });
    }
    return sheet.dataset.verdict;
  }

  function hide() {
    stopClock();
    if (!box) return;
    box.replaceChildren();
    box.hidden = true;
  }

  return { show, hide, keep };
}
