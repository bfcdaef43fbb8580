import { expect, it, onTestFinished, vi } from 'vitest';
import { RestingSlots } from './resting-slots.ts';

function testSlots() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const told: number[] = [];
  const slots = new RestingSlots((count) => void told.push(count));
  return { slots, now: () => told.at(-1) };
}

it('leaves a slot unused for as long as an answer takes where its request was refused at once', () => {
  const { slots, now } = testSlots();
  slots.allowed = 4;
  slots.answered(50);
  slots.refused(2);
  slots.refused(2);
  expect(now()).toBe(2);
  slots.allowed = 8;
  expect(now()).toBe(6);
  vi.advanceTimersByTime(47);
  expect(now()).toBe(6);
  vi.advanceTimersByTime(1);
  expect(now()).toBe(8);
});

it('keeps one, and has none rest where a refusal took as long as an answer, or no answer is known', () => {
  const { slots, now } = testSlots();
  slots.allowed = 2;
  slots.refused(1);
  expect(now()).toBe(2);
  slots.answered(20);
  slots.refused(20);
  expect(now()).toBe(2);
  for (let i = 0; i < 5; i += 1) slots.refused(1);
  expect(now()).toBe(1);
});
