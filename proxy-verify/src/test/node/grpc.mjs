// Both ends of gRPC, in cleartext: `grpc.mjs server` prints its port, then what it sees;
// `grpc.mjs client <host:port>` makes calls of all kinds, and prints what came of them.
import * as grpc from '@grpc/grpc-js';

const text = {
  requestSerialize: (value) => Buffer.from(value),
  requestDeserialize: (bytes) => bytes.toString(),
  responseSerialize: (value) => Buffer.from(value),
  responseDeserialize: (bytes) => bytes.toString(),
};
const method = (name, requestStream, responseStream) => ({
  path: `/test.Echo/${name}`, requestStream, responseStream, ...text,
});
const service = {
  unary: method('Unary', false, false),
  collect: method('Collect', true, false),
  count: method('Count', false, true),
  chat: method('Chat', true, true),
};

function serve() {
  const server = new grpc.Server();
  server.addService(service, {
    unary(call, done) {
      if (call.request === 'fail') {
        const metadata = new grpc.Metadata();
        metadata.set('x-reason', 'asked to');
        done({ code: grpc.status.NOT_FOUND, details: 'no such thing', metadata });
      } else if (call.request === 'silence') {
        console.log('silent');
        call.on('cancelled', () => console.log('cancelled'));
      } else {
        const head = new grpc.Metadata();
        head.set('x-head', String(call.metadata.get('x-asked')[0]));
        call.sendMetadata(head);
        const trailer = new grpc.Metadata();
        trailer.set('x-trailer', 'yes');
        done(null, `echo of ${call.request.length}`, trailer);
      }
    },
    collect(call, done) {
      let size = 0;
      call.on('data', (part) => { size += part.length; });
      call.on('end', () => done(null, `collected ${size}`));
    },
    count(call) {
      const [messages, size] = call.request.split('x').map(Number);
      let sent = 0;
      const send = () => {
        while (sent < messages) {
          sent += 1;
          if (!call.write('m'.repeat(size))) { call.once('drain', send); return; }
        }
        call.end();
      };
      call.on('cancelled', () => console.log('stream cancelled'));
      send();
    },
    chat(call) {
      call.on('data', (message) => call.write(`re: ${message}`));
      call.on('end', () => call.end());
    },
  });
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (failure, port) => {
    if (failure) throw failure;
    console.log(port);
  });
}

const ended = (call) => new Promise((resolve) => {
  call.on('error', () => {});
  call.on('status', (status) => resolve(status));
});

async function ask(address) {
  const Client = grpc.makeGenericClientConstructor(service, 'Echo');
  const client = new Client(address, grpc.credentials.createInsecure());
  const unary = (message, options = {}) => new Promise((resolve) => {
    const metadata = new grpc.Metadata();
    metadata.set('x-asked', 'so');
    const seen = {};
    const call = client.unary(message, metadata, options, (error, value) => {
      seen.error = error;
      seen.value = value;
    });
    call.on('metadata', (head) => { seen.head = head.get('x-head')[0]; });
    call.on('status', (status) => setImmediate(() => resolve({ ...seen, status })));
    seen.call = call;
  });

  let got = await unary('hello');
  console.log(`unary ${got.value} ${got.head} ${got.status.metadata.get('x-trailer')[0]}`);
  got = await unary('x'.repeat(3_000_000));
  console.log(`large ${got.value}`);
  got = await unary('fail');
  console.log(`fail ${got.status.code} ${got.status.details} ${got.status.metadata.get('x-reason')[0]}`);

  const collected = await new Promise((resolve) => {
    const call = client.collect((error, value) => resolve(error ?? value));
    for (let i = 0; i < 100; i += 1) call.write('y'.repeat(10_000));
    call.end();
  });
  console.log(`client stream ${collected}`);

  const stream = client.count('200x10000');
  let messages = 0;
  stream.on('data', () => { messages += 1; });
  console.log(`server stream ${(await ended(stream)).code} ${messages}`);

  const chat = client.chat();
  const over = ended(chat);
  for (const word of ['one', 'two', 'three']) {
    chat.write(word);
    // The next word is only said when the last one was answered.
    console.log(`chat ${await new Promise((resolve) => chat.once('data', resolve))}`);
  }
  chat.end();
  console.log(`chat ended ${(await over).code}`);

  const many = await Promise.all(Array.from({ length: 100 }, (_, i) => unary('z'.repeat(i + 1))));
  console.log(`many ${many.filter((one, i) => one.value === `echo of ${i + 1}`).length}`);

  got = await unary('silence', { deadline: Date.now() + 500 });
  console.log(`deadline ${got.status.code}`);
  const broken = client.count('1000000x10000');
  const cancelled = ended(broken);
  broken.once('data', () => broken.cancel());
  console.log(`cancel ${(await cancelled).code}`);
  client.close();
}

if (process.argv[2] === 'server') serve();
else await ask(process.argv[3]);
