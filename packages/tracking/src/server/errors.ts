/** Every code of the tracking server as a program of its own, and when it is thrown. */
export const trackingServerErrorCodes = {
  SCANFLOW_LISTEN_PORT: "The tracking server cannot listen on its port.",
  SCANFLOW_LISTEN_HOST: "The host that the tracking server was to listen on is no address of this machine.",
  SCANFLOW_LISTEN_EXPOSED: "A tracking server without users was to listen where others can reach it.",
  SCANFLOW_LOCATION_INVALID: "A store or an artifact location of a tracking server has another form.",
  SCANFLOW_LOCATION_MISSING:
    "Things were to be removed or exported from a tracker whose database or files are not there.",
  SCANFLOW_SERVER_UNREACHABLE: "No tracking server of Scanflow answers at a URL.",
  SCANFLOW_STORE_IN_USE: "A tracking server works on the same database.",
} as const;

export type TrackingServerErrorCode = keyof typeof trackingServerErrorCodes;

/** An error of the tracking server: recognise it by `code`. */
export class TrackingServerError extends Error {
  readonly code: TrackingServerErrorCode;

  constructor(code: TrackingServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TrackingServerError";
    this.code = code;
  }
}
