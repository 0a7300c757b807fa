/** The part of the WebAssembly API that the row scanner uses; TypeScript declares it only together with the DOM. */
declare namespace WebAssembly {
  class Memory {
    readonly buffer: ArrayBuffer
  }
  class Global<T extends 'i32' | 'i64'> {
    value: T extends 'i32' ? number : bigint
  }
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    readonly exports: unknown
    constructor(module: Module)
  }
}
