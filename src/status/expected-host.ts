import { isIP } from 'node:net';

/**
 * Whether a request's Host names us. A page from elsewhere can make its own name mean this machine, and then read what is
 * served here (DNS rebinding); its requests still say that name. An IP address, `localhost`, this machine's own name and the
 * one that we were told to listen at are no such names.
 */
export function isExpectedHost(header: string | undefined, listeningAt: string, machine: string): boolean {
  const name = hostnameOf(header ?? '')?.toLowerCase();
  if (name === undefined) return false;
  if (isIP(name) !== 0 || name === 'localhost' || name === listeningAt.toLowerCase()) return true;
  const own = machine.toLowerCase();
  return own !== '' && (name === own || name.startsWith(`${own}.`) || own.startsWith(`${name}.`));
}

/** Without the port, and without the brackets of IPv6. */
function hostnameOf(header: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s/@]+))(?::\d{1,5})?$/.exec(header) ?? [];
  return bracketed ?? plain;
}
