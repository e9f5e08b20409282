// QA mode: sample flights and passengers. Choosing a flight moves the clock of the page to the hour of its check.

import { get, language } from "./server.js";
import { say } from "./words.js";

export function makeSample({ onPassenger, onFlight, onPicture, onTrouble }) {
  let flights = [];
  let flight = null;
  let person = null;
  let root = null;

  const $ = (name) => root.querySelector(`[data-${name}]`);
  const option = (value, text) => new Option(text, value);

  async function mount(body, initialClock) {
    root = body;
    if (!$("flight")) return;
    flights = (await (await get(`/lab/flights.json?lang=${language()}`)).json()).flights;
    const first = flight?.name ?? flights.find((each) => Date.parse(each.clock) === Date.parse(initialClock))?.name ?? "";
    $("flight").replaceChildren(option("", say("choose")), ...flights.map((each) => option(each.name, each.title)));
    $("flight").value = first;
    $("flight").dir = "ltr"; // titles are English; a cut title keeps its beginning
    $("flight").addEventListener("change", () => chooseFlight($("flight").value));
    $("passenger").addEventListener("change", () => choosePassenger($("passenger").value).catch(onTrouble));
    chooseFlight(first, { keep: true });
  }

  function chooseFlight(name, { keep = false } = {}) {
    flight = flights.find((each) => each.name === name) ?? null;
    const people = flight?.passengers ?? [];
    $("passenger").replaceChildren(option("", say("choose")), ...people.map((each) => option(each.name, each.shown_as)));
    $("passenger").disabled = !flight;
    if (flight) document.querySelector("[data-clock]").textContent = flight.clock_said;
    if (keep && person) {
      $("passenger").value = person.name;
      tell();
      pictures();
      return;
    }
    person = null;
    tell();
    pictures();
    onFlight(keep);
  }

  async function choosePassenger(name) {
    person = null;
    if (flight && name) {
      const answer = await get(`/lab/flights/${flight.name}/passengers/${name}.json`);
      person = await answer.json();
    }
    tell();
    pictures();
    onPassenger(person);
  }

  function tell() {
    $("about").textContent = person?.about ?? flight?.turning_point ?? "";
  }

  function pictures() {
    const box = $("pictures");
    const items = (person?.documents ?? []).flatMap((paper) => paper.pictures.map((path) => ({ paper, path })));
    box.hidden = !items.length;
    $("picture-list").replaceChildren(
      ...items.map(({ paper, path }) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        const image = document.createElement("img");
        const label = document.createElement("span");
        image.src = path;
        image.alt = "";
        label.textContent = `${say(`proof.${paper.kind}`)} · ${say(`kind.${paper.format}`)}`;
        button.type = "button";
        button.append(image, label);
        button.addEventListener("click", () => onPicture(path).catch(onTrouble));
        item.append(button);
        return item;
      }),
    );
  }

  function clear() {
    person = null;
    if (!root || !$("passenger")) return;
    $("passenger").value = "";
    tell();
    pictures();
  }

  // The moment of the question: that of the flight, and what was known on the day of its check.
  const moment = () => (person ? { at: person.at, known: person.known } : flight ? { at: flight.clock } : {});

  return { mount, clear, moment };
}
