/** Codes of Failures that come from the connection itself, beside SQLSTATEs and errno names. */
export const TLS_NOT_OFFERED = 'TLS_NOT_OFFERED'
export const TLS_FAILED = 'TLS_FAILED'
export const NO_PASSWORD = 'NO_PASSWORD'
export const WRONG_SERVER_KIND = 'TARGET_SESSION_ATTRS'
