// The form and the question of the API. A sample passenger brings facts that the form has no field for; they stay beneath.

const BOXES = ["attestation", "contact_info"];
const FLIGHT = /^([A-Z0-9]{2})\s*(\d.*)$/i;
const upper = (text) => text.trim().toUpperCase();

export function makeForm(form) {
  const fields = form.elements;
  let base = {};
  let filledStatus = "";

  const template = (id) => document.getElementById(id).content.firstElementChild;

  function row(kind, values = {}) {
    const box = form.querySelector(kind === "leg" ? "[data-legs]" : "[data-stays]");
    const made = template(kind).cloneNode(true);
    for (const [name, value] of Object.entries(values)) {
      const input = made.querySelector(`[name="${name}"]`);
      if (input && value != null) input.value = value;
    }
    made.querySelector("[data-remove]").addEventListener("click", () => {
      made.remove();
      if (kind === "leg" && !form.querySelector("[data-leg]")) row("leg");
    });
    box.append(made);
    return made;
  }

  const rows = (kind) =>
    [...form.querySelectorAll(`[data-${kind}]`)].map((each) =>
      Object.fromEntries([...each.querySelectorAll("[name]")].map((input) => [input.name, input.value.trim()])),
    );

  function clear() {
    const samples = [...form.querySelectorAll("[data-flight], [data-passenger]")].map((select) => [select, select.value]);
    form.reset();
    for (const [select, value] of samples) select.value = value;
    base = {};
    filledStatus = "";
    form.querySelector("[data-legs]").replaceChildren();
    form.querySelector("[data-stays]").replaceChildren();
    row("leg");
    mark([]);
  }

  // Put a sample (or what was kept while the language changed) into the fields.
  function fill(sample) {
    clear();
    base = sample;
    const who = sample.traveller ?? {};
    for (const name of ["surname", "given_names", "birth_date", "residence", "visa"]) fields[name].value = who[name] ?? "";
    fields.citizenships.value = (who.citizenships ?? []).join(", ");
    fields.document_number.value = who.document?.number ?? "";
    const standing = Object.values(who.status ?? {});
    fields.status.value = standing.length === 1 ? standing[0] : "";
    filledStatus = fields.status.value;
    const trip = sample.journey;
    if (trip) {
      form.querySelector("[data-legs]").replaceChildren();
      for (const leg of trip.legs) {
        const time = (text) => (text ?? "").replace("T", " ");
        const day = leg.departs ?? leg.flight_date;
        row("leg", { ...leg, departs: time(day), arrives: time(leg.arrives), flight: (leg.carrier ?? "") + (leg.flight ?? "") });
      }
      fields.purpose.value = trip.purpose ?? "";
      for (const stay of trip.stays ?? []) row("stay", stay);
    }
    const shown = (sample.shown ?? []).map((item) => item.type ?? item);
    for (const box of form.querySelectorAll('[name="shown"]')) box.checked = shown.includes(box.value);
    fields.alone.checked = Array.isArray(sample.party) && sample.party.length === 0;
  }

  function traveller() {
    const who = { ...base.traveller };
    for (const name of ["surname", "given_names", "birth_date", "residence", "visa"]) put(who, name, fields[name].value.trim());
    for (const name of ["residence", "visa"]) if (who[name]) who[name] = upper(who[name]);
    const codes = upper(fields.citizenships.value).split(/[\s,;/]+/).filter(Boolean);
    put(who, "citizenships", codes.length ? codes : null);
    const number = upper(fields.document_number.value);
    if (number || who.document) who.document = { ...who.document, number: number || null };
    if (fields.status.value !== filledStatus) put(who, "status", fields.status.value ? { destination: fields.status.value } : null);
    return who;
  }

  function journey() {
    const legs = rows("leg")
      .map((leg, index) => ({ leg, old: base.journey?.legs[index] }))
      .filter(({ leg }) => leg.origin || leg.destination || leg.departs)
      .map(({ leg, old }) => {
        const made = { origin: upper(leg.origin), destination: upper(leg.destination), channel: leg.channel };
        for (const key of ["departs", "arrives"]) put(made, key, leg[key].replace(" ", "T"));
        const flight = FLIGHT.exec(leg.flight);
        put(made, "carrier", flight ? upper(flight[1]) : "");
        put(made, "flight", flight ? upper(flight[2]) : upper(leg.flight));
        if (old?.border && old.origin === made.origin && old.destination === made.destination) made.border = old.border;
        return made;
      });
    if (!legs.length) return null;
    const stays = rows("stay").filter((stay) => stay.place || stay.first || stay.last);
    const transits = new Set((base.journey?.stays ?? []).filter((stay) => stay.transit).map((stay) => stay.place + stay.first));
    const trip = { legs };
    put(trip, "purpose", fields.purpose.value || (base.journey?.purpose && !has(fields.purpose, base.journey.purpose) ? base.journey.purpose : ""));
    if (stays.length) trip.stays = stays.map((stay) => ({ ...stay, place: upper(stay.place), transit: transits.has(stay.place + stay.first) }));
    return trip;
  }

  function shown() {
    const old = base.shown ?? [];
    const kind = (item) => item.type ?? item;
    const ticked = [...form.querySelectorAll('[name="shown"]:checked')].map((box) => box.value);
    const kept = old.filter((item) => !BOXES.includes(kind(item)) || ticked.includes(kind(item)));
    return [...kept, ...ticked.filter((name) => !kept.some((item) => kind(item) === name))];
  }

  function question() {
    const asked = { traveller: traveller(), shown: shown() };
    put(asked, "journey", journey());
    if (fields.alone.checked) asked.party = [];
    else if (base.party?.length) asked.party = base.party;
    return asked;
  }

  // Mark the fields that an answer complains about; the first one gets the focus.
  function mark(paths) {
    for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    let first = null;
    for (const path of paths) {
      const input = find(path);
      input?.setAttribute("aria-invalid", "true");
      first ??= input;
    }
    first?.closest("details")?.setAttribute("open", "");
    first?.focus();
  }

  function find(path) {
    const parts = path.split(".");
    const name = parts.at(-1) === "number" ? "document_number" : parts.at(-1);
    const kind = parts.includes("legs") ? "leg" : parts.includes("stays") ? "stay" : null;
    if (!kind) return parts[0] === "traveller" ? (fields[parts[1] === "document" ? "document_number" : parts[1]] ?? null) : null;
    const at = Number(parts[parts.indexOf(`${kind}s`) + 1]);
    return form.querySelectorAll(`[data-${kind}]`)[at]?.querySelector(`[name="${name}"]`) ?? null;
  }

  return { clear, fill, question, mark, row, alsoShown: () => shown().map((item) => item.type ?? item).filter((name) => !BOXES.includes(name)) };
}

const has = (select, value) => [...select.options].some((option) => option.value === value);

function put(target, key, value) {
  if (value === "" || value === null || value === undefined) delete target[key];
  else target[key] = value;
}
