// Camera frames: the middle square of the picture, one request at a time, at most EIGHT a second.

import { look } from "./server.js";
import { say } from "./words.js";

const SIDE = 720;
const QUALITY = 0.6;
const EVERY = 125; // milliseconds

let running = null;

export const isOn = () => running !== null;

const TROUBLE = { NotFoundError: "camera.none", OverconstrainedError: "camera.none", NotAllowedError: "camera.refused", NotReadableError: "camera.busy" };

export async function start(video, { onCodes, onTrouble }) {
  stop();
  if (!window.isSecureContext || !navigator.mediaDevices) {
    onTrouble(say("camera.insecure"));
    return false;
  }
  const mine = { stopped: false, stream: null, abort: new AbortController() };
  running = mine;
  try {
    mine.stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: { ideal: "environment" } },
    });
  } catch (error) {
    if (running === mine) running = null;
    onTrouble(say(TROUBLE[error.name] ?? "camera.failed"));
    return false;
  }
  if (mine.stopped) {
    release(mine);
    return false;
  }
  video.srcObject = mine.stream;
  await video.play().catch(() => {});
  loop(video, mine, onCodes, onTrouble);
  return true;
}

export function stop() {
  if (!running) return;
  running.stopped = true;
  running.abort.abort();
  release(running);
  running = null;
}

function release(mine) {
  mine.stream?.getTracks().forEach((track) => track.stop());
}

async function loop(video, mine, onCodes, onTrouble) {
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const pen = canvas.getContext("2d", { alpha: false });
  while (!mine.stopped) {
    const began = performance.now();
    if (video.videoWidth > 0) {
      const side = Math.min(video.videoWidth, video.videoHeight);
      const left = (video.videoWidth - side) / 2;
      const top = (video.videoHeight - side) / 2;
      pen.drawImage(video, left, top, side, side, 0, 0, SIDE, SIDE);
      try {
        const picture = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
        const found = await look(picture, "image/jpeg", { frame: true, signal: mine.abort.signal });
        if (!mine.stopped && found.codes.length) onCodes(found);
      } catch (error) {
        if (!mine.stopped) onTrouble(error.message);
      }
    }
    const wait = EVERY - (performance.now() - began);
    await new Promise((done) => setTimeout(done, Math.max(wait, 10)));
  }
}
