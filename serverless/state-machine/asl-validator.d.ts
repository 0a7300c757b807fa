declare module 'asl-validator' {
  /** Checks a state machine in Amazon States Language: its shape, its paths, and that every transition leads somewhere. */
  function validate(definition: unknown): { isValid: boolean; errorsText(separator?: string): string }
  export = validate
}
