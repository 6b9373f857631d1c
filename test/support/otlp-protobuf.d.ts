/** The messages of OTLP, compiled from the protocol's definitions; its own types are generated for one encoder. */
declare module 'otlp-protobuf/build/src/generated/root.js' {
  interface MessageType {
    decode(body: Uint8Array): unknown;
    toObject(message: unknown, options: object): unknown;
  }
  const root: {
    readonly opentelemetry: {
      readonly proto: {
        readonly collector: {
          readonly trace: { readonly v1: { readonly ExportTraceServiceRequest: MessageType } };
          readonly metrics: { readonly v1: { readonly ExportMetricsServiceRequest: MessageType } };
        };
      };
    };
  };
  export default root;
}
