import { VERSION } from '../config/version.ts';

/** What requests say of their sender, unless the settings' headers say something else. */
export const USER_AGENT = `aggregate/${VERSION}`;
