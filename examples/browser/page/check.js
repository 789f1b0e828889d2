// Makes each call, shows its result in the table of the page, and stores the failures in `document.documentElement.dataset`.

export async function check(cases) {
  const wrong = [];
  for (const [claim, call, expected] of cases) {
    const outcome = await call().catch((error) => `failed: ${error}`);
    const right = outcome === expected;
    if (!right) wrong.push(`${claim}: expected ${expected}, found ${outcome}`);
    const row = document.querySelector("table").insertRow();
    row.insertCell().textContent = claim;
    row.cells[0].className = right ? "right" : "wrong";
    row.insertCell().textContent = outcome;
  }
  document.documentElement.dataset.wrong = JSON.stringify(wrong);
}
