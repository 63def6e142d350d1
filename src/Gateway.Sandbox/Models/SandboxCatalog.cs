using Gateway.Sandbox.Text;
using Gateway.Sandbox.Workflows;

namespace Gateway.Sandbox.Models;

/// <summary>The models and workflows that the sandbox has, under every user and app alike.</summary>
internal sealed class SandboxCatalog
{
    public SandboxCatalog(TimeSpan tokenDelay, TimeProvider time)
    {
        var classifier = new ImageClassifier();
        var detector = new RegionDetector();
        var cropper = new ImageCropper();
        var sentiment = new TextSentiment();
        var embedder = new TextEmbedder();
        var continuation = new TextContinuation(NgramModel.Learn(EmbeddedText.Read("coast.txt")));
        var generator = new TextGenerator(continuation, new TokenPace(tokenDelay, time), time);

        Models =
        [
            classifier, detector, cropper, sentiment, embedder, generator, new ArgumentEcho(), new ImagePainter(time),
            new SampleToolServer(),
        ];
        Workflows =
        [
            new SandboxWorkflow("detect-crop-classify", "Finds the regions of an image that stand out, cuts them out, and classifies each.",
            [
                new SandboxNode("detect", detector),
                new SandboxNode("crop", cropper, "detect"),
                new SandboxNode("classify", classifier, "crop"),
            ]),
            new SandboxWorkflow("text-insight", "The sentiment of a text and its vector.",
            [
                new SandboxNode("sentiment", sentiment),
                new SandboxNode("embed", embedder),
            ]),
        ];
    }

    public IReadOnlyList<SandboxModel> Models { get; }

    public IReadOnlyList<SandboxWorkflow> Workflows { get; }

    public SandboxModel? FindModel(string id) => Models.FirstOrDefault(model => model.Card.Id == id);

    public SandboxWorkflow? FindWorkflow(string id) => Workflows.FirstOrDefault(workflow => workflow.Id == id);
}
