using System.Net;
using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Tests.Lakebase.Workspace;

internal sealed class DatabricksErrorTests
{
    [TestCase("""{"error_code":"PERMISSION_DENIED","message":"User lacks CAN USE","details":[]}""", "PERMISSION_DENIED", "User lacks CAN USE")]
    [TestCase("""{"error_code":403,"message":"Invalid access token."}""", "403", "Invalid access token.")]
    [TestCase("""{"error":"invalid_client","error_description":"Client authentication failed"}""", "invalid_client", "Client authentication failed")]
    [TestCase("""{"errorCode":"invalid_client","errorSummary":"Invalid value for 'client_id'."}""", "invalid_client", "Invalid value for 'client_id'.")]
    [TestCase("""{"error":"It is broken"}""", "HTTP_403", "It is broken")]
    [TestCase("""{"schemas":["urn"],"detail":"No such user","status":"404"}""", "SCIM_404", "No such user")]
    [TestCase("MALFORMED_REQUEST: vpc_endpoints malformed parameters", "MALFORMED_REQUEST", "vpc_endpoints malformed parameters")]
    [TestCase("<html><head><title>403 Forbidden</title></head><body>\n<pre>\nAccess <b>denied</b> &amp; logged\n</pre></body></html>", "HTTP_403", "Access denied & logged")]
    [TestCase("<html><title>Bad\ngateway</title></html>", "HTTP_403", "Bad gateway")]
    [TestCase("", "HTTP_403", "Forbidden")]
    [TestCase("[]", "HTTP_403", "Forbidden")]
    [TestCase("{", "HTTP_403", "Forbidden")]
    [TestCase("""{"error_code":null,"message":{"text":"deep"}}""", "HTTP_403", "Forbidden")]
    public void Every_form_of_an_error_gives_a_code_and_a_message(string body, string code, string message) =>
        Assert.That(DatabricksError.Read(HttpStatusCode.Forbidden, "Forbidden", body), Is.EqualTo((code, message)));

    [Test]
    public void A_page_of_text_is_cut_to_a_line()
    {
        (string code, string message) = DatabricksError.Read(
            HttpStatusCode.BadGateway, null, $$"""{"error_code":"{{new string('A', 500)}}<script>","message":"{{string.Join("\\n", Enumerable.Repeat("line", 500))}}"}""");
        Assert.That(code, Has.Length.LessThanOrEqualTo(60).And.Not.Contain("<"));
        Assert.That(message, Has.Length.LessThanOrEqualTo(301).And.Not.Contain("\n"));
    }

    [Test]
    public void A_secret_is_masked_before_the_text_is_cut()
    {
        string text = new string('x', 290) + "hunter2hunter2";
        Assert.That(DatabricksError.Read(HttpStatusCode.BadRequest, "hunter2hunter2", $"<pre>{text}</pre>", "hunter2hunter2").Message, Does.Not.Contain("hunter"));
        Assert.That(DatabricksError.Read(HttpStatusCode.BadRequest, "No hunter2hunter2", "", "hunter2hunter2").Message, Is.EqualTo("No (secret)"));
    }

    [TestCase(HttpStatusCode.Unauthorized, "x", "client id and secret")]
    [TestCase(HttpStatusCode.BadRequest, "invalid_client", "client id and secret")]
    [TestCase(HttpStatusCode.Forbidden, "PERMISSION_DENIED", "CAN USE on the database project or instance")]
    [TestCase(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST", "no database server of that name")]
    [TestCase(HttpStatusCode.Found, "FOUND", "Lakebase:WorkspaceHost")]
    [TestCase(HttpStatusCode.TooManyRequests, "x", "too often")]
    [TestCase(HttpStatusCode.NotFound, "ENDPOINT_NOT_FOUND", "does not have this API")]
    [TestCase(HttpStatusCode.NotFound, "HTTP_404", "Lakebase:WorkspaceHost")]
    [TestCase(HttpStatusCode.BadGateway, "HTTP_502", "502 (HTTP_502)")]
    public void What_anybody_may_read_names_the_remedy_and_nothing_that_was_quoted(HttpStatusCode status, string code, string hint)
    {
        var exception = new DatabricksException(status, code, "internal.host.example says no");
        Assert.That(exception.Reason, Does.Contain(hint).And.Not.Contain("example"));
    }
}
