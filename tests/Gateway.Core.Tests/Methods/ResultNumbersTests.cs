using System.Runtime.InteropServices;
using Clarifai.Api;
using Gateway.Core.Methods;
using Gateway.Core.Methods.Values;
using Google.Protobuf;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Core.Tests.Methods;

/// <summary>Numbers that methods return, in the forms that models return them in.</summary>
public class ResultNumbersTests
{
    private static readonly ModelMethod Array = Method(new ModelTypeField { Name = "return", Type = DataType.Ndarray });
    private static readonly ModelMethod Lists = Method(ListOf(ListOf(new ModelTypeField { Type = DataType.Float })));

    [Fact]
    public void Array_InAnyShapeAndType_IsItsElements()
    {
        Assert.Equal([1.5f, -2f, 3f, 4f], Read(Array, Of("float32", [2, 2], [1.5f, -2f, 3f, 4f]))!);
        Assert.Equal([0.5f, 1e30f], Read(Array, Of("float64", [2], [0.5, 1e30]))!);
        Assert.Equal([7f, -7f], Read(Array, Of("int64", [1, 2, 1], [7L, -7L]))!);
    }

    [Fact]
    public void Lists_InAnyDepth_AreTheirItems()
    {
        var inner = new Data { Parts = { Item(new Data { FloatValue = 0.25 }), Item(new Data { IntValue = 2 }), Item(null) } };

        Assert.Equal([0.25f, 2f, 0f, 0.25f, 2f, 0f], Read(Lists, new Data { Parts = { Item(inner), Item(inner) } })!);
    }

    [Fact]
    public void PartNamedReturn_IsTheResult() =>
        Assert.Equal([5f], Read(Array, new Data { Parts = { new Part { Id = "return", Data = Of("uint8", [1], [(byte)5]) } } })!);

    [Fact]
    public void WhatIsNoNumber_IsRefused()
    {
        Assert.Null(Read(Array, Of("bool", [2], [true, false])));
        Assert.Null(Read(Array, Of("float32", [1], [float.NaN])));
        Assert.Null(Read(Array, Of("float64", [1], [double.PositiveInfinity])));
        Assert.Null(Read(Array, Of("complex64", [1], [1.0])));
        Assert.Null(Read(Array, Of("float32", [3], [1f])));
        Assert.Null(Read(Array, new Data { StringValue = "1" }));
        Assert.Null(Read(Lists, new Data { Parts = { Item(new Data { Parts = { Item(new Data { FloatValue = double.NaN }) } }) } }));
        Assert.False(ResultNumbers.TryRead(Array, [0x0A, 0x7F], []));
    }

    private static float[]? Read(ModelMethod method, Data data)
    {
        var numbers = new List<float>();
        return ResultNumbers.TryRead(method, data.ToByteArray(), numbers) ? [.. numbers] : null;
    }

    private static Data Of<T>(string dtype, uint[] shape, T[] elements)
        where T : unmanaged => new()
        {
            Ndarray = new NDArray { Dtype = dtype, Shape = { shape }, Buffer = ByteString.CopyFrom(MemoryMarshal.AsBytes(elements.AsSpan())) },
        };

    private static Part Item(Data? data) => new() { Data = data };

    private static ModelTypeField ListOf(ModelTypeField item) => new() { Name = "return", Type = DataType.List, TypeArgs = { item } };

    private static ModelMethod Method(ModelTypeField result) => new(new MethodSignature { Name = "predict", OutputFields = { result } });
}
