/** A request without an answer for so long is lost; also how long k6 waits at its end for what is under way. */
export const requestTimeoutSeconds = 10
