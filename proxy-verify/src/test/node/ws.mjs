// A WebSocket server and, once it is told the proxy's address on standard input, its client.
import { createInterface } from 'node:readline';
import { createHash, randomBytes } from 'node:crypto';
import { WebSocket, WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
server.on('connection', (socket, request) => {
  socket.send(`hello ${request.url}`);
  socket.on('message', (data, binary) => socket.send(data, { binary }));
});
server.on('listening', () => console.log(server.address().port));

const digest = (data) => createHash('sha256').update(data).digest('hex');

function talk(url) {
  return new Promise((resolve, reject) => {
    const large = randomBytes(4 << 20);
    const socket = new WebSocket(`${url}/chat?room=1`);
    let count = 0;
    socket.on('error', reject);
    socket.on('unexpected-response', (request, response) =>
      reject(new Error(`status ${response.statusCode}`)));
    socket.on('message', (data, binary) => {
      if (count === 0 && String(data) !== 'hello /chat?room=1') reject(new Error(String(data)));
      if (count > 0 && count <= 100 && String(data) !== `message ${count}`) {
        reject(new Error(String(data)));
      }
      if (count === 101) {
        if (!binary || digest(data) !== digest(large)) reject(new Error('not what was sent'));
        socket.close(4001, 'enough');
        return;
      }
      count++;
      socket.send(count <= 100 ? `message ${count}` : large);
    });
    socket.on('close', (code, reason) => resolve(`${code} ${reason}`));
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'end') break;
  try {
    console.log(await talk(line));
  } catch (error) {
    console.log(`failed: ${error.message}`);
  }
}
server.close();
for (const client of server.clients) client.terminate();
process.exit(0);
