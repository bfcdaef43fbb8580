import { expect, it } from 'vitest';
import type { ResultsMessage } from '../channel/protocol.ts';
import { FlowGate } from './flow-gate.ts';

/** A gate that tells of results at once only where it must, and what it told. */
function testGate() {
  const told: ResultsMessage[] = [];
  const gate = new FlowGate({
    send: (message) => void (message.type === 'results' && told.push(message)),
    setSlots: () => {},
    redact: (text) => text,
    signal: new AbortController().signal,
  });
  gate.take({ type: 'flow', epoch: 1, inFlight: 4, needsPermits: false, reportMs: 60_000 });
  const answerWith = (headers: Record<string, string>) => {
    const received = { answer: { status: 200, statusText: '', headers, body: Buffer.from('{}') }, json: () => ({}) };
    gate.report({ result: received, verdict: { is: 'ok', received }, elapsedMs: 1, attempt: 1 });
  };
  return { gate, told, answerWith };
}

it('tells at once of a quota of which little is left: the parent is to hear of it before it is used up', () => {
  const { gate, told, answerWith } = testGate();
  answerWith({});
  answerWith({ ratelimit: '"default";r=5000;t=30' });
  expect(told).toEqual([]);
  answerWith({ 'x-ratelimit-remaining': '40', 'x-ratelimit-reset': '2' });
  expect(told).toMatchObject([{ signs: { well: 3 }, quota: { remaining: 40, resetMs: 2000 } }]);
  answerWith({ 'x-ratelimit-remaining': '39', 'x-ratelimit-reset': '2' });
  expect(told).toHaveLength(2);
  gate.flush();
});
