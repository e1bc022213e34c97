import { ArgumentError, Parameter, tensor, zeros } from "@gradus/core";
import { LayerNorm, Sequential } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { type LoadWeightsOptions, loadWeights, saveWeights, writeSafetensors } from "../src/index.ts";
import { bias, dense, output, square, torchFile } from "./arrange/support.ts";

describe("K11: the square matrix of a linear layer of PyTorch", () => {
  const file = torchFile({ weight: square, bias });

  test('is transposed with from: "torch": y = x·Wᵀ', () => {
    const net = dense();
    loadWeights(net, file, { from: "torch" });
    expect(output(net)).toEqual([2, 4]);
  });

  test.each(["pt", "mlx"])(
    "is never taken the wrong way round silently, if the metadata say %j",
    (format) => {
      const net = dense();
      const before = [...net.weight.data];
      const load = (): void => loadWeights(net, torchFile({ weight: square, bias }, format));
      expect(load).toThrow(ArgumentError);
      expect(load).toThrow(
        /the file is from (PyTorch|MLX), whose linear layers have matrices \[out, in\].* pass from: "torch"/,
      );
      expect([...net.weight.data]).toEqual(before);
    },
  );

  test('is taken as it is with from: "gradus", or as the list of matrices says', () => {
    const net = dense();
    loadWeights(net, file, { from: "gradus" });
    expect(output(net)).toEqual([3, 4]);
    loadWeights(net, file, { transpose: ["weight"] });
    expect(output(net)).toEqual([2, 4]);
    loadWeights(net, file, { transpose: [] });
    expect(output(net)).toEqual([3, 4]);
    loadWeights(net, file, { transpose: (name) => name === "weight" });
    expect(output(net)).toEqual([2, 4]);
  });

  test("is no question for files of other programs, of gradus, and for nets without a matrix", () => {
    const net = dense();
    loadWeights(net, torchFile({ weight: square, bias }, "np"));
    expect(output(net)).toEqual([3, 4]);
    loadWeights(net, saveWeights(net));
    const norm = new LayerNorm(2);
    loadWeights(norm, torchFile({ scale: bias, shift: bias }));
    expect(() => loadWeights(net, saveWeights(net), { from: "torch" })).toThrow("gradus wrote this one");
  });
});

describe("K11: rename", () => {
  const file = writeSafetensors([["model.fc.weight", square], ["model.fc.bias", bias], ["step", tensor(3)]]); // biome-ignore format: short

  test.each<[string, LoadWeightsOptions["rename"]]>([
    ["an object", { "model.fc.weight": "weight", "model.fc.bias": "bias", step: null }],
    ["a function", (name) => (name === "step" ? null : name.replace("model.fc.", ""))],
  ])("may be %s, and leaves tensors out with null", (_, rename) => {
    const net = dense();
    loadWeights(net, file, { rename: rename as NonNullable<typeof rename> });
    expect(output(net)).toEqual([3, 4]);
  });

  test("comes before the names of PyTorch", () => {
    const net = new Sequential(dense());
    loadWeights(net, torchFile({ "net.0.weight": square, "net.0.bias": bias }), {
      from: "torch",
      rename: (name) => name.slice(4),
    });
    expect(output(net)).toEqual([2, 4]);
  });

  test.each<[string, unknown, string]>([
    [
      "a name that the file does not have",
      { rename: { weight: "w" } },
      'rename: the file has no "weight"; it has ["model.fc.weight"',
    ],
    [
      "a Map",
      { rename: new Map([["model.fc.weight", "weight"]]) },
      "rename must be an object of names, or a function of a name, got Map",
    ],
    [
      "two tensors for one name",
      { rename: () => "weight" },
      '"model.fc.weight" and "model.fc.bias" of the file are both for "weight"',
    ],
    [
      "no name",
      { rename: () => undefined },
      'rename must give a name or null for "model.fc.weight", got undefined',
    ],
    ["a list", { rename: ["weight"] }, "loadWeights: rename must be an object of names, or a function"],
    [
      "a matrix that the net does not have",
      { transpose: ["bias"] },
      'the net has no matrix "bias"; it has ["weight"]',
    ],
    ["a number", { transpose: [0] }, "loadWeights: transpose must be a list of names"],
    ["another program", { from: "keras" }, 'loadWeights: from must be "gradus" or "torch", got "keras"'],
    ["an unknown option", { map: {} }, 'loadWeights: unknown option "map"'],
  ])("%s is refused", (_, options, message) => {
    const load = (): void => loadWeights(dense(), file, options as LoadWeightsOptions);
    expect(load).toThrow(ArgumentError);
    expect(load).toThrow(message);
  });

  test("keys such as __proto__ are ordinary names", () => {
    const load = (): void => loadWeights(dense(), writeSafetensors([["__proto__", bias], ["constructor", bias]]), { rename: { constructor: "bias" } }); // biome-ignore format: short
    expect(load).toThrow('missing "weight"; unexpected "__proto__"');
  });
});

test("K11: a tensor of an unknown dtype that the net does not need can be left out, one that it needs is named", () => {
  const header =
    '{"weight":{"dtype":"F8_E4M3","shape":[2,2],"data_offsets":[0,4]},"bias":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}';
  const file = new Uint8Array(8 + header.length + 6);
  new DataView(file.buffer).setUint32(0, header.length, true);
  file.set(new TextEncoder().encode(header), 8);
  const norm = { bias: new Parameter(zeros([2])) };
  loadWeights(norm, file, { rename: { weight: null } });
  const net = dense();
  const before = [...net.weight.data];
  expect(() => loadWeights(net, file)).toThrow('tensor "weight" is "F8_E4M3", which gradus does not read');
  expect([...net.weight.data]).toEqual(before);
});
