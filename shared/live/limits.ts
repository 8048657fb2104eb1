/** Largest push, bytes: under API Gateway's 32 KiB frame, and one metering unit. */
export const PUSH_BYTES_MAX = 28 * 1024;
/** Alerts in a snapshot. */
export const SNAPSHOT_ITEMS_MAX = 500;
/** How long frames are kept for viewers that resume. */
export const FRAME_KEPT_MS = 15 * 60_000;

/** Codes of a `bye` notification, after graphql-transport-ws. */
export const CLOSE_CODES = { unauthorized: 4401 } as const;
