import type { ChildSettings, ConnectionSettings } from '../channel/protocol.ts';
import { failureLimit } from '../config/failure-limit-rule.ts';
import { ratePerSecond } from '../config/rate-rule.ts';
import { requestSettingsOf } from '../config/request-settings.ts';
import type { Settings } from '../config/schema.ts';
import { shownSettings } from '../config/shown-settings.ts';
import type { FlowSettings } from '../pool/pool-options.ts';
import type { SignInSettings } from '../sign-in/token-source.ts';
import { fitToOpenFiles, openFilesLimit, tellFit } from './open-files.ts';
import type { RunOptions } from './run.ts';
import type { JobSurroundings } from './surroundings.ts';

/** Four heartbeats in the time that a child may be silent, or one a second where that is more often. */
const MAX_HEARTBEAT_MS = 1000;

/**
 * What a run takes from the settings and from the world around it, which is told where fewer processes or requests fit
 * into this machine's limits than the settings ask for.
 */
export function runOptionsOf(settings: Settings, secrets: string[], surroundings: JobSurroundings): RunOptions {
  const { childEntry, firstChild, warn, redact, connection } = surroundings;
  const wanted = { processCount: settings.process_count, requestsPerProcess: settings.requests_per_process };
  const limit = openFilesLimit();
  const { processCount, requestsPerProcess } = fitToOpenFiles(wanted, limit);
  const told = tellFit(wanted, { processCount, requestsPerProcess }, limit);
  if (told !== undefined) warn(told);
  return {
    pool: {
      entry: childEntry,
      firstChild,
      processCount,
      chunkSize: settings.chunk_size,
      silenceMs: settings.child_silence_seconds * 1000,
      child: { ...childSettingsOf(settings, secrets, connection), requestsPerProcess },
      flow: flowSettingsOf(settings),
    },
    maxFailures: settings.max_failures === null ? undefined : failureLimit(settings.max_failures),
    logFormat: settings.log_format,
    redact,
    signIn: signInSettingsOf(settings, connection),
    shownSettings: shownSettings(settings),
  };
}

function signInSettingsOf(settings: Settings, connection: ConnectionSettings): SignInSettings | undefined {
  const { auth, patience_seconds } = settings;
  if (auth?.type !== 'oauth2_client_credentials') return undefined;
  return { auth, connection, patienceMs: patience_seconds * 1000 };
}

function flowSettingsOf({ rate_limit, adaptive, canary, patience_seconds }: Settings): FlowSettings {
  const perSecond = rate_limit === null ? undefined : ratePerSecond(rate_limit);
  return {
    perSecond: perSecond ?? Number.POSITIVE_INFINITY,
    isAdaptive: adaptive,
    canary,
    patienceMs: patience_seconds * 1000,
  };
}

function childSettingsOf(
  settings: Settings,
  secrets: string[],
  connection: ConnectionSettings,
): Omit<ChildSettings, 'stamp'> {
  return {
    request: requestSettingsOf(settings),
    requestsPerProcess: settings.requests_per_process,
    connection,
    needsToken: settings.auth?.type === 'oauth2_client_credentials',
    maxAttempts: settings.max_attempts,
    patienceMs: settings.patience_seconds * 1000,
    outcomes: settings.outcomes,
    verifyCustomer: settings.verify_customer,
    pagination: settings.pagination,
    heartbeatMs: Math.min(MAX_HEARTBEAT_MS, settings.child_silence_seconds * 250),
    records: settings.records,
    fields: settings.fields,
    format: settings.output_format,
    order: settings.output_order,
    logLevel: settings.log_level,
    logFormat: settings.log_format,
    secrets,
  };
}
