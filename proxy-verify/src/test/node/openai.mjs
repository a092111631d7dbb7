// node openai.mjs <base URL> <command>
import OpenAI from 'openai';
import { abortAfterFirst, abortWhenTold, baseURL, print, run } from './peer.mjs';

const client = new OpenAI({ baseURL, apiKey: 'key-of-the-test', maxRetries: 0 });
const question = {
  model: 'gpt-test',
  messages: [{ role: 'user', content: 'Say hello.' }],
};

await run({
  async create() {
    print(await client.chat.completions.create(question));
  },

  async tenTimes() {
    for (let i = 0; i < 10; i++) print(await client.chat.completions.create(question));
  },

  async stream() {
    for await (const chunk of await client.chat.completions.create({ ...question, stream: true })) {
      print(chunk);
    }
  },

  // The SDK's own way of putting a message together from its chunks.
  async accumulate() {
    const stream = client.chat.completions.stream(question);
    stream.on('content', (text) => print(text));
    print((await stream.finalChatCompletion()).choices[0].message);
  },

  async abort() {
    const controller = new AbortController();
    const options = { signal: controller.signal };
    const stream = await client.chat.completions.create({ ...question, stream: true }, options);
    await abortAfterFirst(stream, controller);
  },

  async abortWhenTold() {
    await abortWhenTold((signal) => client.chat.completions.create(question, { signal }));
  },
});
