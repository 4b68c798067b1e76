// Sends N letters with nodemailer's pool: node nodemailer_peer.mjs PARTS.json PORT N CONNECTIONS [KEY.pem]
// (run where node_modules/nodemailer lies; prints {"seconds", "cpu"})
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
const nodemailer = createRequire(process.cwd() + "/")("nodemailer");

const [partsFile, port, count, connections, keyFile] = process.argv.slice(2);
const parts = JSON.parse(readFileSync(partsFile, "utf8"));
const options = {
  pool: true, host: "127.0.0.1", port: Number(port), secure: false, ignoreTLS: true,
  maxConnections: Number(connections), maxMessages: 1000,
};
if (keyFile) {
  options.dkim = { domainName: "example.com", keySelector: "s", privateKey: readFileSync(keyFile, "utf8") };
}
const transport = nodemailer.createTransport(options);
const began = process.hrtime.bigint();
const cpu = process.cpuUsage();
const letter = (n) => ({
  from: "Morning Update <news@example.com>", to: `reader${n}@example.org`, subject: parts.subject,
  html: parts.html, text: parts.text,
  headers: { "List-Unsubscribe": `<https://example.com/leave/${n}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
});
await Promise.all(Array.from({ length: Number(count) }, (_, n) => transport.sendMail(letter(n + 1))));
const used = process.cpuUsage(cpu);
console.log(JSON.stringify({ seconds: Number(process.hrtime.bigint() - began) / 1e9, cpu: (used.user + used.system) / 1e6 }));
transport.close();
