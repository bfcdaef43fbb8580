import type { ChildSettings } from '../channel/protocol.ts';
import type { Settings } from '../config/schema.ts';
import { createRedactor } from '../config/secrets.ts';
import type { RunOptions } from './run.ts';

/** Four heartbeats in the time that a child may be silent, or one a second where that is more often. */
const MAX_HEARTBEAT_MS = 1000;

/** What a run takes from the settings; `childEntry` is the file that a child runs. */
export function runOptionsOf(settings: Settings, secrets: string[], childEntry: URL): RunOptions {
  const { process_count: processCount, chunk_size: chunkSize } = settings;
  return {
    pool: {
      entry: childEntry,
      processCount,
      chunkSize,
      silenceMs: settings.child_silence_seconds * 1000,
      child: childSettingsOf(settings, secrets),
    },
    checkpointMs: settings.checkpoint_seconds * 1000,
    redact: createRedactor(secrets),
  };
}

function childSettingsOf(settings: Settings, secrets: string[]): ChildSettings {
  return {
    url: settings.url,
    headers: settings.headers,
    requestsPerProcess: settings.requests_per_process,
    timeoutMs: settings.timeout_seconds * 1000,
    connectTimeoutMs: settings.connect_timeout_seconds * 1000,
    maxAttempts: settings.max_attempts,
    maxRetryAfterMs: settings.max_retry_after_seconds * 1000,
    heartbeatMs: Math.min(MAX_HEARTBEAT_MS, settings.child_silence_seconds * 250),
    records: settings.records,
    fields: settings.fields,
    logLevel: settings.log_level,
    secrets,
  };
}
