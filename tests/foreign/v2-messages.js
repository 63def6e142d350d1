// Messages of the V2 API that carry a text: a request as its model's ID, a response as its status's description.
import { createRequire } from 'node:module';

const { GetModelRequest, MultiOutputResponse, PostModelOutputsRequest } =
  createRequire(import.meta.url)('clarifai-nodejs-grpc/proto/clarifai/api/service_pb');

const bytesOf = (message) => Buffer.from(message.serializeBinary());

export const predictionOf = (text) => bytesOf(new PostModelOutputsRequest().setModelId(text));
export const modelOf = (text) => bytesOf(new GetModelRequest().setModelId(text));
export const textOf = (bytes) => MultiOutputResponse.deserializeBinary(new Uint8Array(bytes)).getStatus().getDescription();
