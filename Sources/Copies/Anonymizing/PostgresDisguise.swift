import Databases
import Rows

/// Other values for the ones in production, computed inside the server by functions of one session.
/// They are permutations as `Disguise` makes them, with the server's `md5` for the hash.
enum PostgresDisguise {
  static func statements(_ table: TableShape, _ rules: [AnonymizedColumn]) -> [String] {
    var values: [Identifier: String] = [:]
    for rule in rules {
      values[rule.column.name] =
        rule.rule == .null ? "NULL::\(rule.column.typeText)" : value(rule)
    }
    return DisguiseStatements.statements(
      table, rules, rows: table.ownRows,
      overriding: "OVERRIDING SYSTEM VALUE ", values: values)
  }

  /// What a column's new value is computed with.
  private static func value(_ rule: AnonymizedColumn) -> String {
    let name = rule.column.name.quoted
    switch (rule.type.base, rule.rule) {
    case (.integer(let bits), .hash): return "pg_temp.stairway_number(\(name)::bigint, \(bits))"
    case (.integer(let bits), _):
      let highest = bits == 64 ? Int64.max : (1 << (bits - 1)) - 1
      return "pg_temp.stairway_digits(\(name)::text, \(highest))::bigint"
    case (.numeric, _): return "pg_temp.stairway_digits(\(name)::text, NULL)::numeric"
    case (.uuid, _): return "pg_temp.stairway_uuid(\(name)::text)"
    case (.date, _): return "pg_temp.stairway_day(\(name)::date)"
    case (.timestamp, _):
      return "pg_temp.stairway_moment(\(name)::timestamp)"
    case (.bytes, _): return "decode(pg_temp.stairway_hash(encode(\(name), 'hex')), 'hex')"
    case (.caselessText, .hash): return "pg_temp.stairway_hash(lower(\(name)::text))"
    case (_, .hash):
      let hash = "pg_temp.stairway_hash(\(name)::text)"
      return rule.limit.map { "left(\(hash), \($0))" } ?? hash
    default: return "pg_temp.stairway_fake(\(name)::text)"
    }
  }

  /// The functions, for a session in which `pg_temp` is its own and gone with it.
  static func functions(secret: String) -> String {
    let alphabets = Alphabet.all.enumerated().flatMap { number, alphabet in
      alphabet.starts.map { (number: number, start: $0, size: alphabet.size) }
    }
    func choice(_ value: (Int, UInt32, UInt32) -> String) -> String {
      "CASE "
        + alphabets.map {
          "WHEN code BETWEEN \($0.start) AND \($0.start + $0.size - 1) THEN "
            + value($0.number, $0.start, $0.size)
        }.joined(separator: " ") + " END"
    }
    return """
      CREATE FUNCTION pg_temp.stairway_hash(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
      AS $$ SELECT md5('\(secret)' || value) $$;
      CREATE FUNCTION pg_temp.stairway_uuid(value text) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT
      AS $$ SELECT overlay(md5('\(secret)' || value) placing '4' from 13 for 1)::uuid $$;
      CREATE FUNCTION pg_temp.stairway_bits(value text) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT
      AS $$ SELECT ('x' || substr(md5('\(secret)' || value), 1, 8))::bit(32)::bigint $$;
      CREATE FUNCTION pg_temp.stairway_fake(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT
      AS $stairway$
      DECLARE
        letters text[] := string_to_array(value, NULL);
        places int[] := '{}'; starts int[] := '{}'; sizes int[] := '{}'; kinds int[] := '{}';
        numbers int[] := '{}'; others text[]; digest text; code int; start int; count int := 0;
        taken int;
      BEGIN
        FOR i IN 1 .. coalesce(array_length(letters, 1), 0) LOOP
          code := ascii(letters[i]);
          start := \(choice { _, start, _ in "\(start)" });
          CONTINUE WHEN start IS NULL;
          count := count + 1;
          places[count] := i; starts[count] := start; numbers[count] := code - start;
          sizes[count] := \(choice { _, _, size in "\(size)" });
          kinds[count] := \(choice { number, _, _ in "\(number)" });
        END LOOP;
        FOR round IN 0 .. 3 LOOP
          others := '{}';
          FOR j IN 1 .. count LOOP
            IF j % 2 <> round % 2 THEN others := others || (kinds[j] || ':' || numbers[j]); END IF;
          END LOOP;
          digest := md5('\(secret)' || round || '|' || array_to_string(others, ','));
          taken := 0;
          FOR j IN 1 .. count LOOP
            CONTINUE WHEN j % 2 <> round % 2;
            IF taken = 4 THEN taken := 0; digest := md5('\(secret)' || digest); END IF;
            numbers[j] := (numbers[j] + ('x' || substr(digest, taken * 8 + 1, 8))::bit(32)::bigint)
              % sizes[j];
            taken := taken + 1;
          END LOOP;
        END LOOP;
        FOR j IN 1 .. count LOOP letters[places[j]] := chr(starts[j] + numbers[j]); END LOOP;
        RETURN array_to_string(letters, '');
      END $stairway$;
      CREATE FUNCTION pg_temp.stairway_digits(value text, highest numeric) RETURNS text
      LANGUAGE plpgsql IMMUTABLE AS $stairway$
      DECLARE sign text; digits text; had_zero boolean;
      BEGIN
        IF value IS NULL OR value !~ '^-?[0-9.]+$' THEN RETURN value; END IF;
        sign := CASE WHEN value LIKE '-%' THEN '-' ELSE '' END;
        digits := ltrim(value, '-');
        had_zero := digits ~ '^0[0-9.]' ;
        LOOP
          digits := pg_temp.stairway_fake(digits);
          EXIT WHEN (digits ~ '^0[0-9.]') = had_zero
            AND (highest IS NULL OR digits::numeric <= highest)
            AND (sign = '' OR digits::numeric <> 0);
        END LOOP;
        RETURN sign || digits;
      END $stairway$;
      CREATE FUNCTION pg_temp.stairway_number(value bigint, bits int) RETURNS bigint
      LANGUAGE plpgsql IMMUTABLE STRICT AS $stairway$
      DECLARE
        half int := CASE bits WHEN 16 THEN 8 WHEN 32 THEN 16 ELSE 31 END;
        mask bigint := (1::bigint << half) - 1;
        highest bigint := CASE bits WHEN 16 THEN 32767 WHEN 32 THEN 2147483647
          ELSE (1::bigint << 62) - 1 END;
        high bigint; low bigint; next bigint; result bigint;
      BEGIN
        IF value < -highest OR value > highest THEN RETURN value; END IF;
        result := abs(value);
        LOOP
          high := result >> half; low := result & mask;
          FOR round IN 0 .. 3 LOOP
            next := high # (pg_temp.stairway_bits(round || '|' || low) & mask);
            high := low; low := next;
          END LOOP;
          result := (high << half) | low;
          EXIT WHEN result <= highest AND (value >= 0 OR result > 0);
        END LOOP;
        RETURN CASE WHEN value < 0 THEN -result ELSE result END;
      END $stairway$;
      CREATE FUNCTION pg_temp.stairway_place(place bigint, count bigint, label text) RETURNS bigint
      LANGUAGE plpgsql IMMUTABLE AS $stairway$
      DECLARE partner bigint;
      BEGIN
        place := (place + pg_temp.stairway_bits(label)) % count;
        FOR round IN 0 .. 7 LOOP
          partner := (pg_temp.stairway_bits(label || ' ' || round) % count - place + count) % count;
          IF pg_temp.stairway_bits(label || ' ' || round || ' ' || greatest(place, partner)) % 2 = 1
          THEN
            place := partner;
          END IF;
        END LOOP;
        RETURN place;
      END $stairway$;
      CREATE FUNCTION pg_temp.stairway_day(value date) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT
      AS $stairway$
      DECLARE first date; days int;
      BEGIN
        IF NOT isfinite(value) THEN RETURN value; END IF;
        first := date_trunc('year', value::timestamp)::date;
        days := (first::timestamp + interval '1 year')::date - first;
        RETURN first + pg_temp.stairway_place(value - first, days, 'year ' || first)::int;
      END $stairway$;
      CREATE FUNCTION pg_temp.stairway_moment(value timestamp) RETURNS timestamp LANGUAGE plpgsql
      IMMUTABLE STRICT AS $stairway$
      DECLARE micros bigint;
      BEGIN
        IF NOT isfinite(value) THEN RETURN value; END IF;
        micros := extract(epoch FROM value::time) * 1000000;
        micros := pg_temp.stairway_place(micros / 1000000, 86400, 'day ' || value::date) * 1000000
          + micros % 1000000;
        RETURN pg_temp.stairway_day(value::date) + micros * interval '1 microsecond';
      END $stairway$
      """
  }
}
