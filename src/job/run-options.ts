import type { ChildSettings } from '../channel/protocol.ts';
import { requestSettingsOf } from '../config/request-settings.ts';
import type { Settings } from '../config/schema.ts';
import { createRedactor } from '../config/secrets.ts';
import { fitToOpenFiles, openFilesLimit, tellFit } from './open-files.ts';
import type { RunOptions } from './run.ts';

/** Four heartbeats in the time that a child may be silent, or one a second where that is more often. */
const MAX_HEARTBEAT_MS = 1000;

/**
 * What a run takes from the settings; `childEntry` is the file that a child runs. `warn` is told where fewer processes or
 * requests fit into this machine's limits than the settings ask for.
 */
export function runOptionsOf(
  settings: Settings,
  secrets: string[],
  childEntry: URL,
  warn: (message: string) => void,
): RunOptions {
  const wanted = { processCount: settings.process_count, requestsPerProcess: settings.requests_per_process };
  const limit = openFilesLimit();
  const { processCount, requestsPerProcess } = fitToOpenFiles(wanted, limit);
  const told = tellFit(wanted, { processCount, requestsPerProcess }, limit);
  if (told !== undefined) warn(told);
  return {
    pool: {
      entry: childEntry,
      processCount,
      chunkSize: settings.chunk_size,
      silenceMs: settings.child_silence_seconds * 1000,
      child: { ...childSettingsOf(settings, secrets), requestsPerProcess },
    },
    checkpointMs: settings.checkpoint_seconds * 1000,
    logFormat: settings.log_format,
    redact: createRedactor(secrets),
  };
}

function childSettingsOf(settings: Settings, secrets: string[]): ChildSettings {
  return {
    request: requestSettingsOf(settings),
    requestsPerProcess: settings.requests_per_process,
    timeoutMs: settings.timeout_seconds * 1000,
    connectTimeoutMs: settings.connect_timeout_seconds * 1000,
    maxAttempts: settings.max_attempts,
    maxRetryAfterMs: settings.max_retry_after_seconds * 1000,
    outcomes: settings.outcomes,
    heartbeatMs: Math.min(MAX_HEARTBEAT_MS, settings.child_silence_seconds * 250),
    records: settings.records,
    fields: settings.fields,
    logLevel: settings.log_level,
    secrets,
  };
}
