// The desk: collects what a passenger shows, asks, shows the answer, forgets. All state lives in this page's memory.

import * as camera from "./camera.js";
import { makeDocuments } from "./documents.js";
import { makeForm } from "./form.js";
import { makeResult } from "./result.js";
import { makeSample } from "./sample.js";
import { get, language, post } from "./server.js";
import { listen } from "./wedge.js";
import { loadWords, say } from "./words.js";

const $ = (name, root = document) => root.querySelector(`[data-${name}]`);
const main = () => document.getElementById("main");
let form = null;
let asked = null; // the last question, while its answer is on the screen
let verdict = null;
let cameraWasOn = false;
let busy = false;

const documents = makeDocuments({ limit: Number(main().dataset.limit), onChange: changed, onSaid: tell });
const result = makeResult({ onNext: next, onBack: back });
const sample = makeSample({
  onPassenger: (person) => {
    documents.clear();
    tell("");
    if (person) form.fill(person);
    else form.clear();
    alsoShown();
  },
  onFlight: (first) => {
    if (!first) start();
  },
  onPicture: async (path) => documents.picture(await (await get(path)).blob()),
  onTrouble: (error) => tell(error.message, true),
});

function tell(text, warning = false) {
  const place = $("said");
  place.textContent = text;
  place.classList.toggle("warning", warning);
}

function trouble(text, fields = []) {
  $("problem").textContent = text;
  form.mark(fields);
}

function question() {
  return { ...form.question(), ...sample.moment(), bytes_b64: documents.codes(), lang: language() };
}

function state(name) {
  main().dataset.state = name;
  $("entry").hidden = name !== "entry";
}

async function check(options = {}) {
  if (busy) return;
  busy = true;
  trouble("");
  $("check").setAttribute("aria-busy", "true");
  const question_ = question();
  try {
    const html = await post("/desk/checks", question_);
    asked = question_;
    cameraWasOn = camera.isOn() || cameraWasOn;
    stopCamera();
    state("result");
    verdict = result.show($("result"), $("live"), html, asked, Number(main().dataset.reset), options);
  } catch (error) {
    trouble(error.message, error.fields);
  } finally {
    busy = false;
    $("check")?.removeAttribute("aria-busy");
  }
}

// Something was added or taken away. After a doubt or a refusal a further document is checked at once; after `cleared` it
// is the next passenger's.
async function changed(added) {
  if (!added || main().dataset.state !== "result") return;
  if (verdict !== "cleared") await check();
}

async function scanned(text) {
  if (main().dataset.state === "result" && verdict === "cleared") start();
  await documents.text(text);
}

function start() {
  result.hide();
  $("live").textContent = "";
  asked = null;
  verdict = null;
  documents.clear();
  form.clear();
  sample.clear();
  alsoShown();
  tell("");
  trouble("");
  $("paste").value = "";
  state("entry");
}

function next() {
  start();
  scrollTo(0, 0);
  $("title").focus({ preventScroll: true });
  if (cameraWasOn) startCamera();
}

function back() {
  result.hide();
  asked = null;
  state("entry");
  $("title").focus({ preventScroll: true });
  if (cameraWasOn) startCamera();
}

function alsoShown() {
  const more = form.alsoShown();
  $("also-shown").hidden = !more.length;
  $("also-shown").textContent = more.length ? say("also-shown", { what: more.join(", ").replaceAll("_", " ") }) : "";
}

async function startCamera() {
  $("viewer").hidden = false;
  const begun = await camera.start($("video"), {
    onCodes: (found) => {
      if (documents.take(found)) $("viewer").classList.add("found");
      setTimeout(() => $("viewer")?.classList.remove("found"), 600);
    },
    onTrouble: (text) => tell(text, true),
  });
  if (begun) tell(say("camera.on"));
  else $("viewer").hidden = true;
  shownCamera();
}

function stopCamera() {
  camera.stop();
  $("viewer").hidden = true;
  shownCamera();
}

function shownCamera() {
  $("camera").setAttribute("aria-pressed", String(camera.isOn()));
  $("camera-label").textContent = say(camera.isOn() ? "camera.stop" : "camera.start");
}

async function dropped(transfer) {
  const files = [...transfer.files];
  for (const file of files) await documents.picture(file);
  const link = transfer.getData("text/uri-list").split(/\r?\n/)[0];
  if (files.length || !link) {
    const text = files.length ? "" : transfer.getData("text/plain");
    if (text) await documents.text(text);
    return;
  }
  const address = new URL(link, location.href);
  if (address.origin === location.origin) await documents.picture(await (await get(address.pathname)).blob());
}

// Bind the elements of the page; called again when the page comes in another language.
async function mount() {
  loadWords();
  form = makeForm($("entry"));
  form.clear();
  documents.render(document.body);
  $("entry").addEventListener("submit", (event) => {
    event.preventDefault();
    check();
  });
  $("clear").addEventListener("click", start);
  $("add-leg").addEventListener("click", () => form.row("leg").querySelector("input").focus());
  $("add-stay").addEventListener("click", () => form.row("stay").querySelector("input").focus());
  $("files").addEventListener("change", async (event) => {
    const files = [...event.target.files];
    event.target.value = "";
    for (const file of files) await documents.picture(file);
  });
  $("add-text").addEventListener("click", async () => {
    const text = $("paste").value.replace(/[\r\n\t]+$/, "");
    if (text && (await documents.text(text))) $("paste").value = "";
  });
  $("camera").addEventListener("click", () => {
    cameraWasOn = false;
    if (camera.isOn()) stopCamera();
    else startCamera();
  });
  for (const link of document.querySelectorAll("[data-language]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      speak(link.dataset.language).catch((error) => trouble(error.message));
    });
  }
  await sample.mount(document.body, $("clock")?.dataset.clock);
}

// The same page in another language: everything that was entered stays.
async function speak(code) {
  const kept = form.question();
  const shownNow = main().dataset.state;
  const page = new DOMParser().parseFromString(await (await get(`/?lang=${code}`)).text(), "text/html");
  if (camera.isOn()) stopCamera();
  result.hide();
  document.documentElement.lang = page.documentElement.lang;
  document.documentElement.dir = page.documentElement.dir;
  document.getElementById("said").textContent = page.getElementById("said").textContent;
  document.body.replaceWith(document.adoptNode(page.body));
  history.replaceState(null, "", `/?lang=${code}`);
  await mount();
  form.fill(kept);
  alsoShown();
  if (shownNow === "result") await check({ quiet: true });
  document.querySelector(`[data-language="${code}"]`).focus();
}

listen(scanned);
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  $("drop")?.classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) $("drop")?.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  $("drop")?.classList.remove("over");
  if (main().dataset.state === "entry") dropped(event.dataTransfer).catch((error) => tell(error.message, true));
});
addEventListener("pagehide", () => camera.stop());
await mount();
document.documentElement.dataset.ready = "1";
