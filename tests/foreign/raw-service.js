// gRPC methods of all four kinds whose messages are plain bytes: no .proto is needed.

const raw = (bytes) => bytes;

function method(path, requestStream, responseStream) {
  return {
    path,
    requestStream,
    responseStream,
    requestSerialize: raw,
    requestDeserialize: raw,
    responseSerialize: raw,
    responseDeserialize: raw,
  };
}

export const service = {
  unary: method('/test.Foreign/Unary', false, false),
  fail: method('/test.Foreign/Fail', false, false),
  hang: method('/test.Foreign/Hang', false, false),
  serverStream: method('/test.Foreign/ServerStream', false, true),
  clientStream: method('/test.Foreign/ClientStream', true, false),
  duplex: method('/test.Foreign/Duplex', true, true),
};
