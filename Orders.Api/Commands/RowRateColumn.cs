using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Orders.Api.Commands;

/// <summary>A column of a progress bar: orders so far and orders per second.</summary>
internal sealed class RowRateColumn : ProgressColumn
{
    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Value:N0} ({task.Speed ?? 0:N0}/s)"));
}
