// Requests to the kiosk itself. Nothing is put into an address but the language.

import { say } from "./words.js";

export class Trouble extends Error {
  constructor(message, fields = []) {
    super(message);
    this.fields = fields;
  }
}

export const language = () => document.documentElement.lang;

async function send(path, options) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", credentials: "omit", redirect: "error", ...options });
  } catch {
    throw new Trouble(say("not-reachable"));
  }
  if (answer.ok) return answer;
  let problem = {};
  try {
    problem = await answer.json();
  } catch {
    // not ours; told by the general sentence
  }
  const said = [problem.detail, problem.action].filter(Boolean).join(" ") || say("fault");
  const fields = (problem.errors ?? []).map((error) => error.at.join("."));
  if (problem.facts?.field) fields.push(problem.facts.field);
  throw new Trouble(said, fields);
}

export async function post(path, question) {
  const headers = { "Content-Type": "application/json", "Accept-Language": language() };
  const answer = await send(path, { method: "POST", headers, body: JSON.stringify(question) });
  return answer.text();
}

export async function look(body, type, { frame = false, signal } = {}) {
  const headers = { "Content-Type": type, "Accept-Language": language() };
  const path = `/desk/scans?lang=${language()}${frame ? "&frame=1" : ""}`;
  const answer = await send(path, { method: "POST", headers, body, signal });
  return answer.json();
}

export const get = (path) => send(path, {});
