#!/usr/bin/env bash
# From a standards file to a badge that a stranger verifies. Cairn must be running with this bootstrap key:
#   CAIRN_BOOTSTRAP_ADMIN_KEY=$KEY npm start
# Needs bash, curl and node.
set -euo pipefail
cd "$(dirname "$0")"

CAIRN=${CAIRN:-http://localhost:3000}
KEY=${KEY:-choose-a-long-random-key-of-your-own}

call() { # call METHOD PATH [curl options…]: JSON in, JSON out
  curl --silent --show-error --fail-with-body -X "$1" "$CAIRN/api/v1$2" -H "Authorization: Bearer $KEY" "${@:3}"
}
json() { call "$1" "$2" -H 'Content-Type: application/json' -d "$3"; }
pick() { node -pe "const it = JSON.parse(require('fs').readFileSync(0)); $1"; }

# 1. Standards, cut into levels
framework=$(call POST '/frameworks/import?title=Numbers%20and%20data' -H 'Content-Type: text/csv' \
  --data-binary @standards.csv | pick it.framework.id)
json PUT "/frameworks/$framework/levels" '[
  {"ordinal": 1, "name": "Foundations", "description": "With help, on familiar ground"},
  {"ordinal": 2, "name": "Independent", "description": "Alone, on new ground"}
]' >/dev/null
standards=$(call GET "/frameworks/$framework/standards?q=fractions" | pick 'JSON.stringify(it.items.map((s) => s.id))')

# 2. An achievement with a rubric
achievement=$(json POST /achievements '{
  "kind": "microcredential",
  "name": "Fractions that add up",
  "description": "Compares, adds and subtracts fractions and explains how.",
  "criteria": "Show **two** ways to add fractions with unlike denominators, and say why both work.",
  "standards": '"$standards"', "level": 1,
  "rubric": [{
    "name": "Reasoning", "requiredLevel": "Proficient",
    "levels": [
      {"name": "Beginning", "description": "Follows a worked example", "points": 1},
      {"name": "Developing", "description": "Right answers, thin reasons", "points": 2},
      {"name": "Proficient", "description": "Right answers with reasons", "points": 3},
      {"name": "Advanced", "description": "Finds and explains a third way", "points": 4}
    ]
  }]
}')
id=$(echo "$achievement" | pick it.id)
criterion=$(echo "$achievement" | pick 'it.rubric[0].id')
proficient=$(echo "$achievement" | pick 'it.rubric[0].levels[2].id')
call POST "/achievements/$id/publish" >/dev/null

# 3. A student's evidence
student=$(json POST /people '{"name": "Ada Example", "email": "ada.'$RANDOM'@school.example", "roles": ["learner"]}' | pick it.id)
submission=$(json POST /submissions '{
  "learner": "'"$student"'", "achievements": ["'"$id"'"], "submit": true,
  "evidence": [{"name": "Pizza for seven", "narrative": "I cut three pizzas for seven people, two ways."}]
}' | pick it.id)

# 4. Approval; the credential follows by itself
issuance=$(json POST "/submissions/$submission/reviews" '{
  "achievement": "'"$id"'", "decision": "approve",
  "results": [{"criterion": "'"$criterion"'", "level": "'"$proficient"'"}],
  "feedback": "Clear, and both ways are right."
}' | pick 'it.decisions[0].issuance')
for _ in $(seq 50); do
  state=$(call GET "/issuances/$issuance" | pick it.state)
  [ "$state" = issued ] && break
  sleep 0.1
done
credential=$(call GET "/issuances/$issuance" | pick it.credential)

# 5. Opened to the world, fetched and verified by anybody
call POST "/credentials/$credential/publish" >/dev/null
curl --silent --fail "$CAIRN/credentials/$credential.json" -o badge.json
curl --silent --fail "$CAIRN/credentials/$credential.png" -o badge.png
curl --silent "$CAIRN/verify" -H 'Content-Type: application/json' --data-binary @badge.json |
  pick 'it.outcome + "\n" + it.checks.map((c) => `  ${c.outcome}  ${c.title}`).join("\n")'
echo "Look at it: $CAIRN/credentials/$credential"
