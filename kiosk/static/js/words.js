// The words of the scripts, from the page in its language.

let table = {};

export function loadWords(root = document) {
  table = JSON.parse(root.getElementById("said").textContent);
}

export function say(key, facts = {}) {
  const text = table[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

export function known(key) {
  return key in table;
}
