using Clarifai.Api;
using Clarifai.Api.Status;
using Clarifai.Api.Utils;
using Clarifai.Auth.Util;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gateway.Protos.Tests;

public class OptionTests
{
    [Fact]
    public void Extensions_Numbers_AreThoseOnTheWire()
    {
        Assert.Equal(50000, OptionsExtensions.ClShowIfEmpty.FieldNumber);
        Assert.Equal(50010, OptionsExtensions.ClDefaultFloat.FieldNumber);
        Assert.Equal(1000, OptionsExtensions.Description.FieldNumber);
        Assert.Equal(80320, AccessExtensions.ClPrivateField.FieldNumber);
        Assert.Equal(72295728, AnnotationsExtensions.Http.FieldNumber);
    }

    [Fact]
    public void ConceptValue_Options_AreReadableFromTheDescriptor()
    {
        var options = Concept.Descriptor.FindFieldByName("value").GetOptions();

        Assert.True(options.GetExtension(OptionsExtensions.ClShowIfEmpty));
        Assert.Equal(1.0f, options.GetExtension(OptionsExtensions.ClDefaultFloat));
    }

    [Fact]
    public void PrivateFields_OfAllMessages_AreTheThreeOfStatus()
    {
        var fields = V2.Messages.SelectMany(message => message.Fields.InDeclarationOrder())
            .Where(field => field.GetOptions()?.GetExtension(AccessExtensions.ClPrivateField) == true)
            .Select(field => field.FullName);

        Assert.Equal(
            [
                "clarifai.api.status.Status.stack_trace",
                "clarifai.api.status.Status.internal_details",
                "clarifai.api.status.Status.redirect_info",
            ],
            fields);
    }

    // The API's JSON never shows a message field empty, so at these two the option says nothing.
    [Fact]
    public void ShowIfEmpty_AtFieldsWithPresence_IsOnTwoMessagesOnly()
    {
        var fields = V2.Messages.SelectMany(message => message.Fields.InDeclarationOrder())
            .Where(field => field.GetOptions()?.GetExtension(OptionsExtensions.ClShowIfEmpty) == true && field.HasPresence)
            .Select(field => field.FullName)
            .Order();

        Assert.Equal(
            [
                "clarifai.api.SingleModelTypeResponse.model_type",
                "clarifai.api.SingleModelVersionExportResponse.export",
            ],
            fields);
    }

    [Fact]
    public void StatusCode_SharedNumbers_AreAllowedAndCurrentNameComesFirst()
    {
        var codes = StatusReflection.Descriptor.Dependencies[0].FindTypeByName<EnumDescriptor>("StatusCode");

        Assert.True(codes.ToProto().Options.AllowAlias);
        Assert.Equal(4, codes.Values.Count - codes.Values.DistinctBy(value => value.Number).Count());
        Assert.True(codes.FindValueByName("CONN_TOKEN_INVALID").GetOptions().Deprecated);
    }

    [Fact]
    public void MatrixUint64_Name_HasNoPackage()
    {
        Assert.Equal("MatrixUint64", MatrixUint64.Descriptor.FullName);
    }

    [Fact]
    public void PackedScalars_OnTheWire_ArePacked()
    {
        var matrix = new MatrixUint64 { NCols = 2, Data = { 1, 2 } };

        Assert.Equal("0802" + "12020102", Convert.ToHexString(matrix.ToByteArray()));
    }
}
