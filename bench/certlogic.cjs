// Seconds that certlogic-js takes for one rule: {cases: [[logic, data]], passes} on standard input, {seconds} out.
// The first argument is the folder that holds node_modules/certlogic-js.
const { createRequire } = require("module")
const { readFileSync } = require("fs")
const { join } = require("path")

const { evaluate } = createRequire(join(process.argv[2], "x.js"))("certlogic-js")
const { cases, passes } = JSON.parse(readFileSync(0, "utf8"))

const once = () => {
    const began = process.hrtime.bigint()
    for (const [logic, data] of cases) {
        try {
            evaluate(logic, data)
        } catch {
            // an error is an answer too
        }
    }
    return Number(process.hrtime.bigint() - began) / 1e9 / cases.length
}

console.log(JSON.stringify({ seconds: Math.min(...Array.from({ length: passes }, once)) }))
