// node anthropic.mjs <base URL> <command>
import Anthropic from '@anthropic-ai/sdk';
import { abortAfterFirst, abortWhenTold, baseURL, print, run } from './peer.mjs';

const client = new Anthropic({ baseURL, apiKey: 'key-of-the-test', maxRetries: 0 });
const question = {
  model: 'claude-test',
  max_tokens: 64,
  messages: [{ role: 'user', content: 'Say hello.' }],
};

await run({
  async create() {
    print(await client.messages.create(question));
  },

  async tenTimes() {
    for (let i = 0; i < 10; i++) print(await client.messages.create(question));
  },

  async stream() {
    for await (const event of await client.messages.create({ ...question, stream: true })) {
      print(event);
    }
  },

  // The SDK's own way of putting a message together from its events.
  async accumulate() {
    const stream = client.messages.stream(question);
    stream.on('text', (text) => print(text));
    print(await stream.finalMessage());
  },

  async abort() {
    const controller = new AbortController();
    const options = { signal: controller.signal };
    const stream = await client.messages.create({ ...question, stream: true }, options);
    await abortAfterFirst(stream, controller);
  },

  async abortWhenTold() {
    await abortWhenTold((signal) => client.messages.create(question, { signal }));
  },
});
